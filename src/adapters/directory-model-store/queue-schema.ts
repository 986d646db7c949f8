const policy = {
  maxSize: {
    type: 'integer',
    minimum: 0,
    description:
      'Requests that may wait; a further one gets 503 at once. Default: 0, half of those that the server takes.',
  },
  timeoutMs: {
    type: 'number',
    minimum: 0,
    description: 'How long a request may wait. Default: 0, as long as its caller does.',
  },
  timeoutAction: {
    enum: ['reject', 'delay'],
    description:
      'What becomes of a request that waited so long: 503, or it waits until all others of its priority were served. Default: reject.',
  },
} as const;

/** The JSON schema of `queue` in `model.json`. */
export const queueSchema = {
  description: 'What becomes of requests that wait for a run.',
  type: 'object',
  additionalProperties: false,
  properties: {
    ...policy,
    priorityLevels: {
      type: 'integer',
      minimum: 0,
      maximum: 100,
      description: 'Priorities from 1, which is served first, to this. Default: 0, all are served in turn.',
    },
    defaultPriority: {
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description: 'Priority of requests that name none. Default: 1.',
    },
    priorities: {
      description: 'What differs for requests of a priority.',
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: false, properties: policy },
    },
  },
} as const;
