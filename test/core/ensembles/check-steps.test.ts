import { expect, test } from '@jest/globals';
import { checkSteps } from '../../../src/core/ensembles/check-steps.ts';
import type { EnsembleStep } from '../../../src/ports/model-store.ts';

const step = (model: string, takes: string, gives: string): EnsembleStep => ({
  model,
  inputs: { x: takes },
  outputs: { y: gives },
});
const check =
  (steps: readonly EnsembleStep[], inputs = ['in'], outputs = ['out']) =>
  () =>
    checkSteps({ inputs, outputs, steps });

test('steps may be in any order, and a tensor may go to several', () => {
  const join = { model: 'c', inputs: { x: 'a', y: 'b', z: 'in' }, outputs: { y: 'out' } };
  expect(check([join, step('b', 'a', 'b'), step('a', 'in', 'a')], ['in'], ['out', 'a'])).not.toThrow();
});

test.each([
  [
    'a tensor that nobody gives',
    check([step('a', 'inn', 'out')]),
    "step 1 ('a') takes the tensor 'inn', which no step gives and 'inputs' does not name; there are 'in', 'out'",
  ],
  [
    'an output that no step gives',
    check([step('a', 'in', 'out')], ['in'], ['out', 'put']),
    "'outputs' names the tensor 'put', which no step gives; steps give 'out'",
  ],
  [
    'an output that is an input',
    check([step('a', 'in', 'out')], ['in'], ['in', 'out']),
    "'outputs' names the tensor 'in', which no step gives; steps give 'out'",
  ],
  [
    'an input that nobody takes',
    check([step('a', 'in', 'out')], ['in', 'more']),
    "nobody takes the tensor 'more', which 'inputs' gives; leave it out",
  ],
  [
    'a tensor that nobody takes',
    check([step('a', 'in', 'out'), step('b', 'in', 'lost')]),
    "nobody takes the tensor 'lost', which step 2 ('b') gives; leave it out",
  ],
  [
    'a tensor that two give',
    check([step('a', 'in', 'out'), step('b', 'in', 'out')]),
    "both step 1 ('a') and step 2 ('b') give the tensor 'out'",
  ],
  [
    'steps that wait for one another',
    check([step('a', 'in', 'out'), step('b', 'd', 'c'), step('c', 'c', 'd')], ['in'], ['out']),
    "steps wait for one another, so that none can begin: step 2 ('b'), step 3 ('c')",
  ],
])('%s is refused', (_case, run, message) => {
  expect(run).toThrow(message);
});
