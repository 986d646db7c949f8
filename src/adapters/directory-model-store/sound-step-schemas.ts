const name = { type: 'string', minLength: 1 };
const ms = { type: 'number', minimum: 0 };
const length = { type: 'number', exclusiveMinimum: 0 };
const count = { type: 'integer', minimum: 1, maximum: 100_000 };
const object = (properties: object) => ({ type: 'object', additionalProperties: false, properties });

const preprocess = {
  decodeSound: {
    ...object({ maxSeconds: { ...length, description: 'What is longer is refused. Default: 7200.' } }),
    description: 'A WAV file becomes sound; several channels become their mean.',
  },
  resample: {
    ...object({
      rates: {
        type: 'array',
        minItems: 1,
        items: { type: 'integer', minimum: 1, maximum: 768000 },
        description: 'Those that the model takes; sound of another rate gets the first.',
      },
    }),
    required: ['rates'],
    description: 'Sound comes to have so many samples a second.',
  },
  wave: {
    ...object({
      normalize: { type: 'boolean', description: 'To a mean of 0 and a variance of 1. Default: false.' },
      maxSeconds: {
        ...length,
        description: 'What is longer is refused, where the input does not say. Default: 60.',
      },
    }),
    description: "All of a sound becomes the model's one input.",
  },
  logMel: {
    ...object({
      as: {
        enum: ['whisper', 'ast'],
        description: "Of Whisper's feature extractor, [batch, bands, frames], or AST's, [batch, frames, bands].",
      },
      bands: { ...count, description: 'Default: what the input says; else 80 as whisper, 128 as ast.' },
      frames: {
        ...count,
        description:
          'Silence is behind a shorter sound, a longer one is refused. Default: what the input says; else 3000 as whisper, 1024 as ast.',
      },
      mean: { type: 'number', description: 'As ast: taken from each value. Default: -4.2677393.' },
      std: { ...length, description: 'As ast: half of what values are divided by then. Default: 4.5689974.' },
    }),
    required: ['as'],
    description:
      "A sound's power in bands of pitch (mel), in logarithms, every 10 ms, becomes the model's one input. It has 16000 samples a second.",
  },
  frames: {
    ...object({
      windowMs: length,
      hopMs: { ...length, description: 'From the beginning of a window to that of the next. Default: windowMs.' },
      contextMs: { ...ms, description: 'What each has before it of the sound. Default: 0.' },
      rate: {
        ...name,
        description: 'The input that takes the samples a second. Default: one of a single whole number.',
      },
      state: {
        type: 'array',
        items: { ...object({ input: name, output: name }), required: ['input', 'output'] },
        description:
          'What the model gives for the next window. Default: an input for which there is an output of its name with an N or n behind it.',
      },
    }),
    required: ['windowMs'],
    description: 'A sound becomes windows, which the model takes one after the other.',
  },
};

const postprocess = {
  average: { ...object({ output: name }), description: 'The mean of an output over the windows of a sound.' },
  speech: {
    ...object({
      output: name,
      threshold: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        description: 'The least probability at which speech begins. Default: 0.5; it ends at 0.15 less.',
      },
      minSpeechMs: { ...ms, description: 'Shorter speech is left out. Default: 250.' },
      minSilenceMs: { ...ms, description: 'Shorter silence ends no speech. Default: 100.' },
      padMs: { ...ms, description: 'What speech gets before and behind it. Default: 30.' },
    }),
    description: 'Where there is speech in a sound.',
  },
};

/** The JSON schemas of steps about sound, in a task of `model.json`. */
export const soundSteps = { preprocess, postprocess };
