import { batchManifestSchema } from '../batch-manifest/batch-manifest-schema.ts';

const { layout, scale, mean, std } = batchManifestSchema.properties.decode.properties;
const name = { type: 'string', minLength: 1 };
const names = { type: 'array', minItems: 1, items: name };

const none = { type: 'object', additionalProperties: false };
const object = (properties: object) => ({ ...none, properties });
const step = (properties: object) => ({ ...object(properties), minProperties: 1, maxProperties: 1 });

const taskNames = {
  enum: [
    'text-classification',
    'feature-extraction',
    'image-classification',
    'tabular-classification',
    'tabular-regression',
  ],
};

const preprocess = step({
  text: { ...none, description: "A text becomes the model's input of BYTES." },
  tokenize: {
    ...object({
      maxTokens: { type: 'integer', minimum: 1, description: 'Default: what tokenizer.json says.' },
      truncate: {
        type: 'boolean',
        description: 'Cut what is longer, whether or not a caller asks for it. Default: false, it is refused.',
      },
    }),
    description: "A text becomes tokens, by the tokenizer.json in the version's folder.",
  },
  columns: {
    ...object({
      inputs: {
        type: 'object',
        additionalProperties: names,
        description: "The columns that fill an input, in order. Default: that of the input's name.",
      },
    }),
    description: "Named numbers and texts become the model's inputs.",
  },
  decodeImage: { ...none, description: 'A JPEG or PNG file becomes a picture.' },
  pictureTensor: {
    ...object({ layout, scale, mean, std }),
    description: "A picture becomes the model's input, stretched to its size.",
  },
});

const postprocess = step({
  softmax: { ...object({ output: name }), description: 'Numbers of an output become parts of 1.' },
  topK: {
    ...object({ output: name, k: { type: 'integer', minimum: 1, description: 'Default: 5.' } }),
    description: 'The best classes of an output, with their scores.',
  },
  label: {
    ...object({ label: name, scores: name }),
    description: 'The class that the model names itself, with the best of its scores.',
  },
  pool: {
    ...object({
      output: name,
      mode: { enum: ['mean', 'first'], description: 'Of the vectors of all tokens. Default: mean.' },
      normalize: { type: 'boolean', description: 'To the length of 1. Default: true.' },
    }),
    description: 'One vector for an item.',
  },
  value: { ...object({ output: name }), description: 'The number, or numbers, that an output holds.' },
});

/** The JSON schema of `task` in `model.json`. */
export const taskSchema = {
  description: 'What the model is for: what callers of /v1/predict send and get in place of tensors.',
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
    }),
    required: ['name'],
  },
} as const;
