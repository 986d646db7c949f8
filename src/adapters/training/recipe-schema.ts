import { mostCount } from '../../core/training/most-count.ts';

const count = { type: 'integer', minimum: 1, maximum: mostCount };
const share = { type: 'number', minimum: 0, exclusiveMaximum: 1 };
const positive = { type: 'number', exclusiveMinimum: 0 };
const notNegative = { type: 'number', minimum: 0 };
const kind = (name: string, properties: object = {}, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: ['kind', ...required],
  properties: { kind: { const: name }, ...properties },
});
/** The one of several that `kind` names. */
const oneOf = (kinds: readonly ReturnType<typeof kind>[]) => ({
  type: 'object',
  required: ['kind'],
  properties: { kind: { enum: kinds.map(({ properties }) => properties.kind.const) } },
  allOf: kinds.map((each) => ({
    if: { properties: { kind: each.properties.kind } },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: each,
  })),
});
const moments = { beta1: share, beta2: share, epsilon: positive };

/** The JSON schema of a `recipe.json`; published as docs/recipe.schema.json. */
export const recipeSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'A recipe of tensorgate train: how a model is trained. What is left out is as usual (docs/training.md).',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    epochs: { ...count, description: 'Passes over the rows, at most.' },
    batchRows: { ...count, description: 'Rows of a step, at most: those of a step have one shape.' },
    localSteps: {
      ...count,
      description:
        'Steps that each of several workers takes before they are brought together; by 1 they share the rows of each batch.',
    },
    patience: { ...count, description: 'It ends once so many passes brought nothing for the rows of validation.' },
    seed: {
      type: 'integer',
      minimum: 0,
      maximum: 4294967295,
      description: 'Of the split, the first weights and the order of rows.',
    },
    learningRate: {
      description: 'How large steps are: a number, or a schedule.',
      // Of alternatives the first fault is that it is not the other one.
      if: { type: 'object' },
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      then: {
        type: 'object',
        additionalProperties: false,
        required: ['rate'],
        properties: {
          rate: positive,
          warmUpSteps: { type: 'integer', minimum: 0 },
          decay: oneOf([
            kind('step', { everySteps: count, factor: positive }, ['everySteps', 'factor']),
            kind('cosine', { steps: count, leastRate: notNegative }, ['steps']),
          ]),
        },
      },
      else: positive,
    },
    learningRateMultiplier: { ...positive, description: 'Times the learning rate, the usual one where none is given.' },
    optimizer: {
      description: 'How weights are changed by gradients.',
      ...oneOf([
        kind('sgd', { momentum: share, nesterov: { type: 'boolean' } }),
        kind('adam', moments),
        kind('adamw', { ...moments, weightDecay: share }),
      ]),
    },
    loss: {
      description:
        'What is made small. Default: cross-entropy for classes, the mean of squares for numbers. Binary cross-entropy is for rows that have any number of labels, cosine for vectors.',
      ...oneOf([
        kind('cross-entropy', { labelSmoothing: share, classWeights: { type: 'array', items: notNegative } }),
        kind('binary-cross-entropy'),
        kind('mean-squared-error'),
        kind('cosine'),
      ]),
    },
    l1: { ...notNegative, description: 'How much weights are drawn to 0 evenly.' },
    l2: { ...notNegative, description: 'How much they are drawn to 0, the more the larger they are.' },
    clipNorm: { ...positive, description: 'The largest length that all gradients have together.' },
    split: {
      description: 'Parts of the rows that are not trained with: to stop by, and to measure by.',
      type: 'object',
      additionalProperties: false,
      properties: { validation: share, test: share },
    },
    hidden: {
      description: 'Sizes of the layers of a new MLP or head, channels of a new CNN.',
      type: 'array',
      minItems: 1,
      maxItems: 32,
      items: { type: 'integer', minimum: 1, maximum: 65_536 },
    },
    pictureSide: {
      type: 'integer',
      minimum: 4,
      maximum: 1024,
      description: 'Sides of the pictures that a new CNN takes, in pixels. Default: as they mostly are, up to 32.',
    },
  },
};
