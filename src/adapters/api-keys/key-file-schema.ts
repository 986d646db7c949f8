import { actions } from '../../ports/authorize.ts';

/** The JSON schema of the file of `serve --api-keys`; published as docs/api-keys.schema.json. */
export const keyFileSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'API keys of a Tensorgate server',
  type: 'object',
  additionalProperties: false,
  required: ['keys'],
  properties: {
    $schema: { type: 'string' },
    keys: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['name', 'sha256'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 128, description: 'Whose it is; stands in the log.' },
          sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the key, in hexadecimal.' },
          models: {
            type: 'array',
            items: { type: 'string', minLength: 1 },
            description: 'The models that it is good for: names, in which * stands for any letters. Default: all.',
          },
          actions: {
            type: 'array',
            items: { enum: [...actions] },
            description:
              'What it is good for: infer (run models; with all models, also jobs over files), read (what they are, and how they do), push (add versions), promote (say which of them answer), admin (load and unload). Default: infer and read.',
          },
          expires: {
            type: 'string',
            description: 'A day (its start, UTC) or a time with its zone, from which on it is no longer good.',
          },
        },
      },
    },
  },
} as const;
