import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { binOf } from '../../../src/core/drift/bin-of.ts';
import { featureDrift } from '../../../src/core/drift/feature-drift.ts';
import { groupedBins } from '../../../src/core/drift/grouped-bins.ts';
import { jensenShannon } from '../../../src/core/drift/jensen-shannon.ts';
import { kolmogorovSmirnov } from '../../../src/core/drift/kolmogorov-smirnov.ts';
import { populationStability } from '../../../src/core/drift/population-stability.ts';
import { spreadOf } from '../../../src/core/drift/spread-of.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';

const feature = { side: 'input', tensor: 'x', part: 0 } as const;

/** Of a normal distribution. Source: Box and Muller (1958). */
function normal(random: () => number, mean: number, count: number): number[] {
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return mean + radius * Math.cos(2 * Math.PI * random());
  });
}

function driftFrom(before: readonly (number | string)[], now: readonly (number | string)[]) {
  const spread = { ...feature, ...spreadOf(before) };
  const counts = spread.counts.map(() => 0);
  for (const value of now) counts[binOf(spread, value)] = (counts[binOf(spread, value)] ?? 0) + 1;
  return featureDrift(spread, counts);
}

describe('the statistics', () => {
  test('are those of their sources', () => {
    // Large counts, beside which half a case is nothing: (0.3 − 0.5) ln 0.6 + (0.7 − 0.5) ln 1.4.
    expect(populationStability([5e9, 5e9], [3e9, 7e9])).toBeCloseTo(0.16946, 5);
    // M is [0.4, 0.6]: half of 0.5 lb 1.25 + 0.5 lb 0.8333 and of 0.3 lb 0.75 + 0.7 lb 1.1667.
    expect(jensenShannon([5e9, 5e9], [3e9, 7e9])).toBeCloseTo(0.030305, 5);
    expect(jensenShannon([1e9, 0], [0, 1e9])).toBeCloseTo(1, 5);
    const { distance, probability } = kolmogorovSmirnov([50, 50], [30, 70]);
    expect(distance).toBeCloseTo(0.2, 9);
    // As scipy.stats.kstwobign.sf((sqrt(50) + 0.12 + 0.11 / sqrt(50)) * 0.2) has it.
    expect(probability).toBeCloseTo(0.0312, 3);
  });

  test('are nothing where all is as it was, and finite where a bin is empty', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 2, maxLength: 20 }), (counts) => {
        expect(populationStability(counts, counts)).toBe(0);
        expect(jensenShannon(counts, counts)).toBeCloseTo(0, 12);
        expect(kolmogorovSmirnov(counts, counts)).toEqual({ distance: 0, probability: 1 });
        const other = counts.map(() => 0);
        for (const value of [populationStability(counts, other), jensenShannon(counts, other)]) {
          expect(Number.isFinite(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
        expect(kolmogorovSmirnov(counts, other)).toEqual({ distance: 0, probability: 1 });
      }),
    );
  });
});

describe('bins', () => {
  test('hold each value once, in order, and as many of the baseline', () => {
    const numbers = fc.array(fc.double({ noNaN: false }), { minLength: 1, maxLength: 500 });
    fc.assert(
      fc.property(numbers, (values) => {
        const spread = spreadOf(values);
        expect(spread.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
        if ('edges' in spread) {
          const bins = sorted.map((value) => binOf(spread, value));
          expect(bins).toEqual([...bins].sort((a, b) => a - b));
          expect(spread.edges.length).toBeLessThanOrEqual(101);
        }
        expect(groupedBins({ ...feature, ...spread })).toHaveLength(spread.counts.length);
      }),
    );
  });

  test('of many different numbers are of equal frequency', () => {
    const { counts } = spreadOf(normal(seededRandom(1), 0, 10_000));
    // The first is below the least value, and the last two over the largest, and no number.
    expect(counts.slice(2, -2).every((count) => Math.abs(count - 100) <= 1)).toBe(true);
    expect([counts[0], counts.at(-2), counts.at(-1)]).toEqual([0, 0, 0]);
  });

  test('of few whole numbers or words are of each, and of all others', () => {
    expect(spreadOf([2, 10, 2, 0])).toEqual({ values: ['0', '2', '10'], counts: [1, 2, 1, 0] });
    expect(spreadOf(['b', 'a', 'b'])).toEqual({ values: ['a', 'b'], counts: [1, 2, 0] });
    expect(binOf({ values: ['a', 'b'] }, 'c')).toBe(2);
  });

  test('tell of a number that was always the same, to which side it went', () => {
    const spread = spreadOf([0.5, 0.5, 0.5]);
    expect([0.4, 0.5, 0.6, Number.NaN].map((value) => binOf(spread, value))).toEqual([0, 1, 2, 3]);
    for (const moved of [0.4, 0.6, Number.NaN])
      expect(driftFrom(new Array(1000).fill(0.5), new Array(1000).fill(moved)).psi).toBeGreaterThan(5);
  });
});

describe('drift', () => {
  test('is told of a shift of a deviation, in the input and in the mix of words; chance is not', () => {
    const random = seededRandom(7);
    const words = (share: number) => Array.from({ length: 1000 }, () => (random() < share ? 'cat' : 'dog'));
    let alarms = 0;
    for (let run = 0; run < 200; run += 1)
      if (driftFrom(normal(random, 0, 1000), normal(random, 0, 300)).psi >= 0.25) alarms += 1;
    expect(alarms).toBe(0);
    expect(driftFrom(words(0.5), words(0.5)).psi).toBeLessThan(0.1);
    const shifted = driftFrom(normal(random, 0, 1000), normal(random, 1, 1000));
    expect(shifted.psi).toBeGreaterThan(0.5);
    expect(shifted.ks?.probability).toBeLessThan(1e-6);
    const mix = driftFrom(words(0.5), words(0.9));
    expect(mix.psi).toBeGreaterThan(0.5);
    expect(mix.ks).toBeUndefined();
    expect(driftFrom(words(0.5), [...words(0.5), ...new Array(300).fill('cow')]).psi).toBeGreaterThan(0.25);
  });

  test('by Kolmogorov and Smirnov is that of all values but for a hundredth', () => {
    const random = seededRandom(3);
    const [before, now] = [normal(random, 0, 2000), normal(random, 0.4, 1500)];
    const all = [...before, ...now];
    const below = (values: readonly number[], x: number) => values.filter((value) => value <= x).length / values.length;
    const exact = Math.max(...all.map((x) => Math.abs(below(before, x) - below(now, x))));
    const distance = driftFrom(before, now).ks?.distance ?? 0;
    expect(distance).toBeLessThanOrEqual(exact + 1e-12);
    expect(distance).toBeGreaterThan(exact - 0.011);
  });
});
