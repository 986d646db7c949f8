const part = { type: 'number', exclusiveMinimum: 0, maximum: 1 } as const;
const ratio = { type: 'number', minimum: 1, maximum: 1000 } as const;

/** The JSON schema of `canary` in `model.json`. */
export const canarySchema = {
  description: 'When a version that has a part of the calls by an alias is taken back by itself.',
  type: 'object',
  additionalProperties: false,
  properties: {
    confidence: {
      type: 'number',
      minimum: 0.5,
      exclusiveMaximum: 1,
      description:
        'How certain it must be that the version is worse than is tolerated, of all looks at it together. Default: 0.99.',
    },
    tolerated: {
      type: 'object',
      additionalProperties: false,
      properties: {
        errorRate: { ...part, description: 'Part of its calls that may fail. Default: 0.01; 1: all.' },
        errorRatio: { ...ratio, description: 'How many times as often as the stable version it may. Default: 1.5.' },
        latencyRatio: {
          ...ratio,
          description:
            'How many times as long as 95 of 100 calls of the stable version take its own may; a millisecond more is no difference. Default: 1.5.',
        },
        disagreement: {
          ...part,
          description: "Part of its answers that may be other ones than the stable version's. Default: 0.1; 1: all.",
        },
      },
    },
    comparePercent: {
      type: 'number',
      minimum: 0,
      maximum: 100,
      description:
        'Of 100 calls that it answers, how many the stable version answers too, for comparison. Default: 20.',
    },
    tolerance: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description:
        'How far apart numbers of the same answer may be, as a part of the largest one of their output; of scores it is the best class that counts. Default: 0.05.',
    },
  },
} as const;
