/** The JSON schema of `drift` in `model.json`. */
export const driftSchema = {
  description:
    "Watch how the model's inputs and outputs are spread, against a baseline that tensorgate drift baseline made, or the first requests. Default: nobody looks.",
  type: 'object',
  additionalProperties: false,
  properties: {
    baselineRows: {
      type: 'integer',
      minimum: 100,
      maximum: 10_000,
      description: 'Rows of the first requests that make the baseline of a version that has none. Default: 1000.',
    },
    share: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1,
      description: 'The share of runs that are looked at. Default: 1.',
    },
  },
} as const;
