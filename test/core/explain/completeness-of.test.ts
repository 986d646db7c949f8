import { expect, test } from '@jest/globals';
import { completenessOf } from '../../../src/core/explain/completeness-of.ts';
import { exactShapley } from '../../../src/core/explain/exact-shapley.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';

test('the gap is a part of what is shared out, or of the sizes of the weights where that is nothing', () => {
  expect(completenessOf([3, 1.5], 6, 1)).toEqual({ sum: 4.5, expected: 5, gap: 0.1 });
  expect(completenessOf([3, -2], 5, 5)).toEqual({ sum: 1, expected: 0, gap: 0.2 });
  // Scores of 32 bits say no more.
  expect(completenessOf([3, -2], 5 + 1e-7, 5).gap).toBeCloseTo(0.2, 6);
  expect(completenessOf([0, 0], 5, 5).gap).toBe(0);
});

test('exact values have no gap where all are worth what nobody is', async () => {
  const random = seededRandom(1);
  for (let game = 0; game < 20; game += 1) {
    const whole = random();
    const { weights } = await exactShapley({
      players: 5,
      whole,
      nothing: whole,
      worth: async function* (coalitions) {
        yield* coalitions.map(() => random());
      },
      pause: async () => undefined,
    });
    expect(completenessOf(weights, whole, whole).gap).toBe(0);
  }
});
