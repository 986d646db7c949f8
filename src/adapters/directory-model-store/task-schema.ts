import { pictureSchema } from '../batch-manifest/picture-schema.ts';
import { soundSteps } from './sound-step-schemas.ts';

const name = { type: 'string', minLength: 1 };
const names = { type: 'array', minItems: 1, items: name };

const count = { type: 'integer', minimum: 0 };
const part = { type: 'number', minimum: 0, maximum: 1 };

const none = { type: 'object', additionalProperties: false };
const object = (properties: object) => ({ ...none, properties });
const step = (properties: object) => ({ ...object(properties), minProperties: 1, maxProperties: 1 });

const taskNames = {
  enum: [
    'text-classification',
    'token-classification',
    'feature-extraction',
    'sentence-similarity',
    'audio-classification',
    'voice-activity-detection',
    'image-classification',
    'object-detection',
    'image-to-image',
    'tabular-classification',
    'tabular-regression',
    'text-generation',
  ],
};

const preprocess = step({
  text: { ...none, description: "A text becomes the model's input of BYTES." },
  tokenize: {
    ...object({
      maxTokens: {
        type: 'integer',
        minimum: 1,
        description: 'Default: what tokenizer.json and the files beside it say.',
      },
      truncate: {
        type: 'boolean',
        description: 'Cut what is longer, whether or not a caller asks for it. Default: false, it is refused.',
      },
      prompt: {
        type: 'string',
        description: 'Stands before each text, of models that give vectors and were trained with it. Default: nothing.',
      },
    }),
    description: "A text becomes tokens, by the tokenizer.json in the version's folder.",
  },
  bytes: {
    ...object({
      first: count,
      last: count,
      padding: { type: 'integer', description: 'What stands where the file has no more. Default: 0.' },
      stripWithin: {
        ...count,
        description:
          'White space before the first and behind the last is left out, of so many bytes at each end. Default: 0, it counts.',
      },
      atLeast: { ...count, description: 'A file of fewer bytes is refused. Default: 0.' },
    }),
    required: ['first', 'last'],
    description: "The first and the last bytes of a file fill the model's one input of whole numbers.",
  },
  columns: {
    ...object({
      inputs: {
        type: 'object',
        additionalProperties: names,
        description: "The columns that fill an input, in order. Default: that of the input's name.",
      },
      oneHot: {
        type: 'object',
        additionalProperties: names,
        description:
          'Of columns of texts, the texts there are: each fills as many values, 1 in its own place and 0 in others.',
      },
    }),
    description: "Named numbers and texts become the model's inputs.",
  },
  decodeImage: { ...none, description: 'A JPEG, PNG or WebP file becomes a picture.' },
  pictureTensor: {
    ...object(pictureSchema),
    description: "A picture becomes the model's input.",
  },
  ...soundSteps.preprocess,
});

const postprocess = step({
  softmax: { ...object({ output: name }), description: 'Numbers of an output become parts of 1.' },
  sigmoid: { ...object({ output: name }), description: 'Each number of an output becomes one from 0 to 1.' },
  threshold: {
    ...object({ output: name, threshold: { ...part, description: 'The least score. Default: 0.5.' } }),
    description: 'All classes of an output that are sure enough, with their scores.',
  },
  argmax: { ...object({ output: name }), description: 'The best class of an output, by its name alone.' },
  spans: {
    ...object({
      output: name,
      aggregation: {
        enum: ['simple', 'none'],
        description: 'Token classes as groups of words, or each for itself. Default: simple.',
      },
    }),
    description: 'Words of a text by the classes of its tokens.',
  },
  topK: {
    ...object({ output: name, k: { type: 'integer', minimum: 1, description: 'Default: 5.' } }),
    description: 'The best classes of an output, with their scores.',
  },
  label: {
    ...object({ label: name, scores: name }),
    description: 'The class that the model names itself, with the best of its scores.',
  },
  boxes: {
    ...object({
      scores: name,
      boxes: name,
      output: {
        ...name,
        description: 'In place of both: one output [1, boxes, 4 + classes], or [1, 4 + classes, boxes].',
      },
      layout: {
        enum: ['scores', 'objectness', 'class'],
        description:
          "What stands behind a place in 'output': the classes' scores; ahead of these that of an object (5 + classes); or one score and the number of its class (6). Default: scores.",
      },
      form: {
        enum: ['corners', 'center'],
        description: 'Left, top, right and bottom; or the middle, and width and height. Default: corners.',
      },
      unit: {
        enum: ['parts', 'pixels'],
        description: "Of the whole picture, 0 to 1, or pixels of the model's input. Default: parts.",
      },
      background: { ...count, description: 'The class that stands for nothing. Default: none.' },
      threshold: { ...part, description: 'The least score. Default: 0.5.' },
      overlap: {
        ...part,
        description:
          'How much of what two boxes of a class cover together they may share. Default: 0.5, of the layout class 1.',
      },
      limit: { type: 'integer', minimum: 1, description: 'Objects of a picture at most, the best. Default: 100.' },
    }),
    description: 'Objects in a picture: their classes, scores and places, in its own pixels.',
  },
  encodeImage: {
    ...object({ output: name, scale: { type: 'number', description: 'Values are multiplied by it. Default: 255.' } }),
    description: 'An output as a picture.',
  },
  pool: {
    ...object({
      output: name,
      mode: { enum: ['mean', 'first'], description: 'Of the vectors of all tokens. Default: mean.' },
      normalize: { type: 'boolean', description: 'To the length of 1. Default: true.' },
      dimensions: {
        type: 'array',
        items: { type: 'integer', minimum: 1 },
        description: 'Lengths that vectors may be cut to where a caller asks for it (Matryoshka). Default: none.',
      },
    }),
    description: 'One vector for an item.',
  },
  ...soundSteps.postprocess,
  value: { ...object({ output: name }), description: 'The number, or numbers, that an output holds.' },
});

/** The JSON schema of `task` in `model.json`. */
export const taskSchema = {
  description:
    'What the model is for: what callers of /v1/predict, /v1/embeddings and /v1/completions send and get in place of tensors.',
  if: { type: 'string' },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word
  then: taskNames,
  else: {
    ...object({
      name: taskNames,
      preprocess: {
        type: 'array',
        minItems: 1,
        items: preprocess,
        description: "From what callers send to the model's inputs. Default: the usual steps of the task.",
      },
      postprocess: {
        type: 'array',
        minItems: 1,
        items: postprocess,
        description: "From the model's outputs to what callers get. Default: the usual steps of the task.",
      },
      maxPositions: {
        type: 'integer',
        minimum: 2,
        description:
          'Of text-generation: tokens that a prompt and its answer may have together. Default: what config.json says.',
      },
      endTokens: {
        type: 'array',
        items: count,
        description:
          'Of text-generation: tokens that end an answer. Default: what generation_config.json says, or config.json.',
      },
      cacheBytes: {
        type: 'integer',
        minimum: 1,
        description:
          "Of text-generation: bytes of the caches of all sequences. Default: a quarter of the server's memory budget.",
      },
    }),
    required: ['name'],
  },
} as const;
