import { pictureSchema } from './picture-schema.ts';

const names = { type: 'array', items: { type: 'string', minLength: 1 } };

/** The JSON schema of `*.manifest.json`; published as docs/manifest.schema.json. */
export const batchManifestSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'A manifest of Tensorgate batch inference: what a job reads, and how. It has one of file, files and prefix.',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    file: { type: 'string', minLength: 1, description: "A file of records, by its name from the manifest's folder." },
    files: {
      ...names,
      minItems: 1,
      description: "Files that are a record each, by their names from the manifest's folder.",
    },
    prefix: {
      type: 'string',
      minLength: 1,
      description: "Files that are a record each: all whose names from the manifest's folder begin with this.",
    },
    decode: {
      description: "How a file becomes the model's input. Default: by the input's type and shape.",
      type: 'object',
      additionalProperties: false,
      required: ['kind'],
      properties: {
        kind: {
          enum: ['bytes', 'image', 'wav', 'raw', 'npy'],
          description:
            'The bytes as they are, for BYTES; a JPEG, PNG or WebP picture; sound as samples from -1 to 1; elements as little-endian bytes; a NumPy array.',
        },
        ...pictureSchema,
        sampleRate: { type: 'integer', minimum: 1, description: 'Samples a second that sound has to have.' },
      },
    },
    separator: {
      type: 'string',
      minLength: 1,
      maxLength: 1,
      description:
        'Between fields of CSV: one character of ASCII, no quotation mark. Default: a comma, or a tab in .tsv.',
    },
    mapping: {
      description: "The field, or fields, that fill an input. Default: the field of the input's name.",
      type: 'object',
      additionalProperties: {
        anyOf: [
          { type: 'string', minLength: 1 },
          { ...names, minItems: 1 },
        ],
      },
    },
    kept: { ...names, description: 'Fields that go through to the output. Default: id.' },
    outputs: { ...names, description: 'Outputs that are wanted. Default: all.' },
    maxFailedRecords: {
      type: 'integer',
      minimum: 0,
      description: 'Records without an answer past which the job fails. Default: no such number.',
    },
  },
} as const;
