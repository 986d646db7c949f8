const tensors = { type: 'object', minProperties: 1, additionalProperties: { type: 'string', minLength: 1 } };
const names = { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string', minLength: 1 } };

/** The JSON schema of what `model.json` says of a model that is made of others. */
export const ensembleSchema = {
  steps: {
    description:
      'Models that the model is made of, which has no files of its own. A step runs once its tensors are there.',
    type: 'array',
    minItems: 1,
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['model', 'inputs', 'outputs'],
      properties: {
        model: { type: 'string', minLength: 1 },
        version: {
          anyOf: [
            { type: 'string', minLength: 1 },
            { type: 'integer', minimum: 1 },
          ],
          description: "Number or alias. Default: whichever that model's settings say.",
        },
        server: {
          type: 'string',
          minLength: 1,
          description: 'Another server that has the model, as serve --step-servers names it. Default: this one.',
        },
        inputs: { ...tensors, description: 'For each input of the model the tensor that it takes.' },
        outputs: { ...tensors, description: 'For outputs of the model the names of the tensors that they are.' },
      },
    },
  },
  inputs: { ...names, description: 'With steps: tensors that callers send.' },
  outputs: { ...names, description: 'With steps: tensors that callers get.' },
} as const;
