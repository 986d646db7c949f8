/** The JSON schema of `gate` in `model.json`. */
export const gateSchema = {
  description: 'What a version has to be before tensorgate promote lets it replace another.',
  type: 'object',
  additionalProperties: false,
  properties: {
    tolerance: {
      type: 'number',
      minimum: 0,
      description:
        'How far an answer to a sample may be from the one that samples.jsonl expects, as |answer - expected| / max(1, |expected|); whole numbers and texts have to be the same. Default: 0.001.',
    },
    latencyRatio: {
      type: 'number',
      minimum: 0,
      description:
        'How many times as long a run may take as by the version that is replaced, at the median; a tenth of a millisecond more is always let pass. Default: 1.5; 0: as long as it will.',
    },
    requireSamples: {
      type: 'boolean',
      description: 'A version without samples.jsonl is not promoted. Default: false.',
    },
  },
} as const;
