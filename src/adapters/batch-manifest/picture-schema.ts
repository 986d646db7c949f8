const perChannel = { type: 'array', minItems: 1, maxItems: 3, items: { type: 'number' } };
const side = { type: 'integer', minimum: 1, maximum: 16384 };
const size = {
  type: 'object',
  additionalProperties: false,
  required: ['width', 'height'],
  properties: { width: side, height: side },
};
const sides = {
  type: 'object',
  additionalProperties: false,
  required: ['shortestSide'],
  properties: { shortestSide: side, longestSide: side, multipleOf: side },
};

/** The JSON schema of what is said of pictures in `model.json` and in manifests, property by property. */
export const pictureSchema = {
  resize: {
    anyOf: [size, sides],
    description:
      'The picture is made this size before all else: exactly, or by its sides. Default: it is left as it is.',
  },
  fit: {
    enum: ['stretch', 'crop', 'letterbox'],
    description:
      "How it comes to have the input's size: stretched; covering it, and cut to its middle; within it, with padding around. Default: stretch.",
  },
  size: { ...size, description: "The input's size where it is free. Default: the picture's." },
  filter: {
    enum: ['nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'],
    description: "How pixels are made of those that they cover, by Pillow's names. Default: bilinear.",
  },
  padding: { type: 'integer', minimum: 0, maximum: 255, description: 'What stands around it. Default: 0.' },
  place: {
    enum: ['middle', 'start'],
    description: 'Where it lies in what stands around it; start is left and top. Default: middle.',
  },
  mirrorTo: {
    ...side,
    description:
      'Where the input leaves the size open: it goes on as in a mirror behind its right and lower sides, up to the next multiple of it.',
  },
  order: { enum: ['RGB', 'BGR'], description: 'Which of the three channels comes first. Default: RGB.' },
  layout: { enum: ['HWC', 'CHW'], description: "Of a picture. Default: by where the input's channels are." },
  scale: { type: 'number', description: 'Of a picture for floats: each value 0 to 255 is multiplied by it.' },
  mean: { ...perChannel, description: 'Subtracted after that, for each channel. Default: 0.' },
  std: { ...perChannel, description: 'Divides after that, for each channel. Default: 1.' },
} as const;
