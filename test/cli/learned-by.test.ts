import { expect, test } from '@jest/globals';
import { learnedBy } from '../../cli/learned-by.ts';
import type { TrainingSource } from '../../cli/open-training-source.ts';
import type { TrainingLoss } from '../../src/adapters/training/recipe.ts';

const steps = {
  multi_label_classification: [{ sigmoid: { output: 'logits' } }, { topK: { output: 'logits' } }],
  regression: [{ value: { output: 'logits' } }],
  none: undefined,
};

/** What a model learns that has so many numbers for a row, and names for these. */
function learned(size: number, kind: keyof typeof steps, names?: readonly string[], loss?: TrainingLoss['kind']) {
  const config = { name: 'text-classification', ...(steps[kind] && { postprocess: steps[kind] }) };
  const labels = new Map(names ? [['logits', names]] : []);
  const source = { output: { name: 'logits', size }, preprocess: { folder: { config, labels } } };
  return learnedBy(loss ? { loss: { kind: loss } } : {}, source as unknown as TrainingSource, 'kind');
}

const [bce, mse, ce] = [
  { kind: 'binary-cross-entropy' },
  { kind: 'mean-squared-error' },
  { kind: 'cross-entropy' },
] as const;

test.each([
  ['classes by their names', learned(2, 'none', ['a', 'b']), { predicts: 'classes', classes: ['a', 'b'] }],
  ['classes without names', learned(3, 'none'), { predicts: 'classes', classes: ['0', '1', '2'] }],
  [
    'labels, as they are read so',
    learned(2, 'multi_label_classification', ['a', 'b']),
    { predicts: 'labels', loss: bce },
  ],
  ['one label', learned(1, 'multi_label_classification', ['odd']), { predicts: 'labels', classes: ['odd'], loss: bce }],
  ['one label by its column', learned(1, 'none', undefined, bce.kind), { predicts: 'labels', classes: ['kind'] }],
  [
    'classes by the recipe',
    learned(2, 'multi_label_classification', ['a', 'b'], ce.kind),
    { predicts: 'classes', loss: ce },
  ],
  ['a number', learned(1, 'regression', ['LABEL_0']), { predicts: 'numbers', loss: mse }],
  // As transformers writes the config.json of any model with one output.
  ['a number with a name', learned(1, 'none', ['LABEL_0']), { predicts: 'numbers' }],
])('a model learns %s', (_what, found, expected) => {
  expect(found).toMatchObject(expected);
});

test.each([
  [3, ['a', 'b', 'c'], mse.kind, "output 'logits' has 3 numbers for a row, and by the loss mean-squared-error one is"],
  [3, ['a', 'b'], undefined, "output 'logits' has 3 numbers for a row, and config.json names 2 classes"],
  [1, ['a', 'b'], bce.kind, "output 'logits' has 1 number for a row, and config.json names 2 classes"],
  [1, undefined, ce.kind, "output 'logits' has 1 number for a row, which is no class of several"],
  [-1, undefined, undefined, "output 'logits' has a free last dimension"],
  [-1, ['a', 'b'], mse.kind, "output 'logits' has a free last dimension"],
])('of %i numbers called %j nothing is learned by %s', (size, names, loss, message) => {
  expect(() => learned(size, 'none', names, loss)).toThrow(message);
});
