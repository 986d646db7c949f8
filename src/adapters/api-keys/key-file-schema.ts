import { actions } from '../../ports/authorize.ts';

/**
 * The JSON schema of the file of `serve --api-keys`, and of `.access/policies.json` in a model repository; published as
 * docs/api-keys.schema.json.
 */
export const keyFileSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Keys and principals that may call Tensorgate, and what they may do',
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
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 128, description: 'Whose it is; stands in the log.' },
          sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the key, in hexadecimal.' },
          principal: {
            type: 'string',
            pattern: '^arn:[^:]*:(iam|sts):',
            description:
              'In place of sha256: the ARN of an IAM principal, where * at the end stands for any letters. Of a role, also those who take it on.',
          },
          models: {
            type: 'array',
            items: { type: 'string', pattern: '^(\\*|[A-Za-z0-9][A-Za-z0-9._-]{0,127}\\*?)$' },
            description:
              'The models that it is good for: names, where * at the end stands for any letters. Default: all.',
          },
          actions: {
            type: 'array',
            items: { enum: [...actions] },
            description:
              'What it is good for: infer (run models; with all models, also jobs over files), read (what they are, and how they do), push (add versions), jobs (have a server make versions of others: POST /v1/jobs), promote (say which of them answer), admin (load and unload). Default: infer and read.',
          },
          rate: {
            type: 'object',
            additionalProperties: false,
            required: ['perSecond'],
            properties: {
              perSecond: { type: 'number', exclusiveMinimum: 0, description: 'Requests a second, on average.' },
              burst: { type: 'integer', minimum: 1, description: 'Requests at once. Default: those of a second.' },
            },
            description: 'How fast it may send requests, to each server. Default: as they come.',
          },
          quota: {
            type: 'object',
            additionalProperties: false,
            required: ['requests', 'per'],
            properties: { requests: { type: 'integer', minimum: 0 }, per: { enum: ['day', 'month'] } },
            description: 'Inferences that it may have in a day or month of UTC. Default: as many as come.',
          },
          dailyCost: {
            type: 'number',
            minimum: 0,
            description: 'USD that its inferences of a day of UTC may cost, about. Default: whatever they cost.',
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
