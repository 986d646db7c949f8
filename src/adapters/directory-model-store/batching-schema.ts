const axis = { type: 'integer', minimum: 1, description: 'Dimension, counted from 0, which is that of the rows.' };

/** The JSON schema of `batching` in `model.json`. */
export const batchingSchema = {
  description: 'How requests share runs.',
  type: 'object',
  additionalProperties: false,
  properties: {
    mode: {
      enum: ['auto', 'on', 'off'],
      description:
        'auto: they do where the graph proves that each row is answered for itself; on: the model does not load where they cannot. Default: on where there are other settings of batching, else auto.',
    },
    maxBatchSize: {
      type: 'integer',
      minimum: 0,
      maximum: 65536,
      description:
        'Rows of all requests of a run; one request alone may have more. Default: 0, as many as take 150 ms, 64 at most.',
    },
    maxQueueDelayMs: {
      type: 'number',
      minimum: 0,
      description:
        'How long requests wait for others while runs of the model are under way. Default: 0; where nothing is under way, nobody waits.',
    },
    preferredBatchSizes: {
      type: 'array',
      items: { type: 'integer', minimum: 1 },
      description: 'Rows that runs have rather than others. Default: any.',
    },
    rowsApart: {
      type: 'boolean',
      description:
        'Says that each row is answered for itself, where the graph does not prove it. Default: false. Where it is not so, callers get answers that depend on what others sent.',
    },
    padding: {
      description: 'How requests that differ in the size of a dimension share runs. Default: they do not.',
      type: 'object',
      additionalProperties: false,
      required: ['inputs'],
      properties: {
        inputs: {
          description: 'Inputs that are padded to the longest of a run.',
          type: 'object',
          minProperties: 1,
          additionalProperties: {
            type: 'object',
            additionalProperties: false,
            required: ['axis'],
            properties: { axis, value: { type: 'number', description: 'What is added. Default: 0.' } },
          },
        },
        outputs: {
          description: 'Outputs that are cut back to the size that an input of the request had.',
          type: 'object',
          additionalProperties: {
            type: 'object',
            additionalProperties: false,
            required: ['axis', 'input'],
            properties: { axis, input: { type: 'string' } },
          },
        },
      },
    },
  },
} as const;
