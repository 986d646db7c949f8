/** The JSON schema of `sequence` in `model.json`. */
export const sequenceSchema = {
  description: 'Which tensors are state that the server keeps from request to request of a sequence.',
  type: 'object',
  additionalProperties: false,
  required: ['state'],
  properties: {
    state: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['input', 'output'],
        properties: {
          input: { type: 'string', description: 'The input that takes the state; zeros for the first request.' },
          output: { type: 'string', description: 'The output that gives it for the next request.' },
          shape: {
            type: 'array',
            items: { type: 'integer', minimum: -1 },
            description:
              "Shape of the zeros; -1 is the batch of the first request. Default: the input's, each of whose free dimensions is the batch.",
          },
        },
      },
    },
    idleTimeoutMs: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 86400000,
      description: 'A sequence ends when no request came for so long. Default: 60000.',
    },
    maxSequences: {
      type: 'integer',
      minimum: 1,
      description: 'Sequences under way at once; a further one gets 503. Default: 1024.',
    },
    maxBytes: {
      type: 'integer',
      minimum: 1,
      description: 'Bytes of state of all of them; a sequence past that gets 503. Default: 67108864.',
    },
  },
} as const;
