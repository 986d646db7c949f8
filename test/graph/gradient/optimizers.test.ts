import { describe, expect, test } from '@jest/globals';
import { dataTypes } from '../../../src/graph/data-types.ts';
import { type ApplyOptions, applyGraph } from '../../../src/graph/gradient/apply-graph.ts';
import { learningRate } from '../../../src/graph/gradient/optimizers/learning-rate.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { OpenModel } from './open-model.ts';
import { randoms, tensorOf, valuesOf } from './tensors.ts';

const rate = 0.1;
const shape = [2, 3];
const start = randoms(shape, -1, 1, 1);
const gradientAt = (step: number) => randoms(shape, -2, 2, 10 + step);

/** Elements after three steps, in FP64. */
async function trained(options: ApplyOptions, decay = 1) {
  const { model, parameter, gradient, next, states: kept, ...names } = applyGraph(dataTypes.DOUBLE, options);
  const open = await OpenModel.open(model);
  const list = (values: readonly number[]) => tensorOf('FP64', [start.length], values);
  const scalar = (value: number) => tensorOf('FP64', [], [value]);
  let elements = list(start);
  let states: Record<string, FixedTensor> = Object.fromEntries(
    kept.map(({ name }) => [name, list(start.map(() => 0))]),
  );
  try {
    for (let step = 1; step <= 3; step += 1) {
      const outputs = await open.run({
        [parameter]: elements,
        [gradient]: list(gradientAt(step)),
        ...states,
        [names.learningRate]: scalar(rate),
        [names.step]: scalar(step),
        [names.decay]: scalar(decay),
        ...(names.norm && { [names.norm]: scalar(Math.hypot(...gradientAt(step))) }),
      });
      elements = outputs[next] as FixedTensor;
      states = Object.fromEntries(kept.map((state) => [state.name, outputs[state.next] as FixedTensor]));
    }
    return valuesOf(elements);
  } finally {
    await open.release();
  }
}

/** The same by a formula for one number, with what it keeps. */
function byFormula(formula: (p: number, g: number, kept: number[], step: number) => number): number[] {
  return start.map((first, at) => {
    const kept = [0, 0];
    return [1, 2, 3].reduce((p, step) => formula(p, gradientAt(step)[at] as number, kept, step), first);
  });
}

function expectClose(values: readonly number[], truth: readonly number[]) {
  expect(values.length).toBe(truth.length);
  for (const [at, value] of values.entries()) expect(value).toBeCloseTo(truth[at] as number, 12);
}

const adam = (p: number, g: number, kept: number[], step: number) => {
  const [m = 0, v = 0] = kept;
  kept[0] = 0.9 * m + 0.1 * g;
  kept[1] = 0.999 * v + 0.001 * g * g;
  const [mean, square] = [kept[0] / (1 - 0.9 ** step), kept[1] / (1 - 0.999 ** step)];
  return p - (rate * mean) / (Math.sqrt(square) + 1e-8);
};

describe('optimizers by their formulas', () => {
  test('gradient descent', async () => {
    const values = await trained({ optimizer: { kind: 'sgd' } });
    expectClose(
      values,
      byFormula((p, g) => p - rate * g),
    );
  });

  test.each([false, true])('momentum, looking ahead: %p', async (nesterov) => {
    const values = await trained({ optimizer: { kind: 'sgd', momentum: 0.9, nesterov } });
    const truth = byFormula((p, g, kept) => {
      kept[0] = 0.9 * (kept[0] as number) + g;
      return p - rate * (nesterov ? g + 0.9 * kept[0] : kept[0]);
    });
    expectClose(values, truth);
  });

  test('Adam', async () => {
    const values = await trained({ optimizer: { kind: 'adam' } });
    expectClose(values, byFormula(adam));
  });

  test('AdamW', async () => {
    const values = await trained({ optimizer: { kind: 'adamw', weightDecay: 0.05 } });
    expectClose(
      values,
      byFormula((p, g, kept, step) => adam(p, g, kept, step) - rate * 0.05 * p),
    );
    expectClose(await trained({ optimizer: { kind: 'adamw', weightDecay: 0.05 } }, 0), byFormula(adam));
  });
});

test('L1 and L2 draw weights to 0, and biases not', async () => {
  const drawn = await trained({ optimizer: { kind: 'sgd' }, l1: 0.01, l2: 0.02 });
  expectClose(
    drawn,
    byFormula((p, g) => p - rate * (g + 0.02 * p + 0.01 * Math.sign(p))),
  );
  const bias = await trained({ optimizer: { kind: 'sgd' }, l1: 0.01, l2: 0.02 }, 0);
  expectClose(
    bias,
    byFormula((p, g) => p - rate * g),
  );
});

test('gradients are clipped by the length of all together', async () => {
  const values = await trained({ optimizer: { kind: 'sgd' }, clipNorm: 0.5 });
  const lengths = [1, 2, 3].map((step) => Math.hypot(...gradientAt(step)));
  const truth = start.map((first, at) =>
    lengths.reduce(
      (p, length, step) => p - rate * (gradientAt(step + 1)[at] as number) * (0.5 / (length + 1e-6)),
      first,
    ),
  );
  expectClose(values, truth);
  const wide = await trained({ optimizer: { kind: 'sgd' }, clipNorm: 100 });
  expectClose(
    wide,
    byFormula((p, g) => p - rate * g),
  );
});

describe('the learning rate', () => {
  const rates = (schedule: Parameters<typeof learningRate>[0], steps: number) =>
    Array.from({ length: steps }, (_item, step) => learningRate(schedule, step));

  test('stays', () => expect(rates({ rate: 0.5 }, 3)).toEqual([0.5, 0.5, 0.5]));

  test('grows at first', () => {
    expect(rates({ rate: 0.8, warmUpSteps: 4 }, 6)).toEqual([0.2, 0.4, 0.6000000000000001, 0.8, 0.8, 0.8]);
  });

  test('falls by steps', () => {
    const decay = { kind: 'step', everySteps: 2, factor: 0.5 } as const;
    expect(rates({ rate: 1, warmUpSteps: 1, decay }, 6)).toEqual([1, 1, 1, 0.5, 0.5, 0.25]);
  });

  test('falls as a cosine, and stays where it ends', () => {
    const decay = { kind: 'cosine', steps: 4, leastRate: 0.2 } as const;
    const found = rates({ rate: 1, decay }, 7);
    expectClose(found, [1, 0.6 + 0.4 * Math.SQRT1_2, 0.6, 0.6 - 0.4 * Math.SQRT1_2, 0.2, 0.2, 0.2]);
  });
});
