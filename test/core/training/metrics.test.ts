import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { bootstrap } from '../../../src/core/training/bootstrap.ts';
import { classificationMetrics } from '../../../src/core/training/classification-metrics.ts';
import type { Estimate } from '../../../src/core/training/estimate.ts';
import { labelMetrics } from '../../../src/core/training/label-metrics.ts';
import { logOdds } from '../../../src/core/training/log-odds.ts';
import { normalOf } from '../../../src/core/training/normal-of.ts';
import { regressionMetrics } from '../../../src/core/training/regression-metrics.ts';
import { rocCurves } from '../../../src/core/training/roc-curves.ts';
import { vectorMetrics } from '../../../src/core/training/vector-metrics.ts';

describe('classes', () => {
  // Of class 0 two of three rows are right, of 1 both, of 2 none.
  const labels = [0, 0, 0, 1, 1, 2];
  const rows = [
    [0.8, 0.1, 0.1],
    [0.6, 0.3, 0.1],
    [0.2, 0.7, 0.1],
    [0.1, 0.9, 0],
    [0.3, 0.5, 0.2],
    [0.5, 0.3, 0.2],
  ];
  const logitsOf = (probabilities: readonly (readonly number[])[]) => probabilities.map((row) => row.map(Math.log));
  const metrics = classificationMetrics({ labels, logits: logitsOf(rows) });

  test('are counted in a confusion matrix', () => {
    expect(metrics.confusion).toEqual([
      [2, 1, 0],
      [0, 2, 0],
      [1, 0, 0],
    ]);
    expect(metrics.byClass[0]).toEqual({ rows: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 });
  });

  test('have the means that scikit-learn gives', () => {
    // precision_recall_fscore_support: [2/3, 2/3, 0], [2/3, 1, 0], [2/3, 0.8, 0].
    expect(metrics.accuracy.value).toBeCloseTo(4 / 6, 12);
    expect(metrics.precision.value).toBeCloseTo(4 / 9, 12);
    expect(metrics.recall.value).toBeCloseTo(5 / 9, 12);
    expect(metrics.f1.value).toBeCloseTo((2 / 3 + 0.8) / 3, 12);
    expect(metrics.f1Weighted.value).toBeCloseTo((3 * (2 / 3) + 2 * 0.8) / 6, 12);
  });

  test('have intervals around what was measured', () => {
    for (const { value, low, high } of [metrics.accuracy, metrics.f1, metrics.calibrationError]) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(high).toBeGreaterThan(low);
    }
  });

  test('are as sure as they are right, or off by the gap', () => {
    const sure = (confidence: number) =>
      classificationMetrics({
        labels: [0, 0, 0, 1],
        logits: logitsOf(Array(4).fill([confidence, 1 - confidence])),
      }).calibrationError.value;
    expect(sure(0.75)).toBeCloseTo(0, 12);
    expect(sure(0.95)).toBeCloseTo(0.2, 12);
  });

  test('have the area under the curve that pairs of rows have, ties counting half', () => {
    const random = seededRandom(5);
    const many = Array.from({ length: 60 }, () => Math.floor(3 * random()));
    // A digit alone, so that there are ties.
    const probabilities = many.flatMap(() =>
      [random(), random(), random()].map((value) => Math.round(10 * value) / 10),
    );
    const counts = Uint32Array.from(many, () => Math.floor(3 * random()));
    const areas = [0, 1, 2].map((own) => {
      let [won, pairs] = [0, 0];
      for (const [a, label] of many.entries())
        for (const [b, other] of many.entries()) {
          if (label !== own || other === own) continue;
          const weight = (counts[a] ?? 0) * (counts[b] ?? 0);
          const off = (probabilities[3 * a + own] ?? 0) - (probabilities[3 * b + own] ?? 0);
          pairs += weight;
          won += weight * (off > 0 ? 1 : off === 0 ? 0.5 : 0);
        }
      return won / pairs;
    });
    const mean = areas.reduce((sum, area) => sum + area, 0) / 3;
    expect(
      rocCurves({
        rows: many.length,
        scores: probabilities,
        classes: 3,
        isOf: (row, place) => many[row] === place,
      })(counts),
    ).toBeCloseTo(mean, 12);
  });

  test('of one class alone have no such area, and all right is not all sure', () => {
    const perfect = classificationMetrics({ labels: [0, 0, 0], logits: Array(3).fill([50, 0]) });
    expect(perfect.rocAuc).toBeUndefined();
    expect(perfect.accuracy).toMatchObject({ value: 1, high: 1 });
    expect(perfect.accuracy.low).toBeLessThan(0.5);
  });
});

test('the area under the curve of two classes is that of either, though their probabilities have rounded to 1', () => {
  const logits = [
    [50, 0],
    [0, 40],
    [0, 45],
    [0, 60],
  ];
  const area = (given: typeof logits, labels: readonly number[]) =>
    classificationMetrics({ labels, logits: given }).rocAuc?.value;
  // roc_auc_score of the differences.
  expect(area(logits, [0, 0, 1, 1])).toBe(1);
  expect(area(logits, [0, 1, 0, 1])).toBe(0.75);
  const more = logits.map((row) => [...row, -1000]);
  expect(area(more, [0, 0, 1, 1])).toBe(1);
  expect(area([[1e300, -1e300], ...logits.slice(1)], [0, 0, 1, 1])).toBe(1);
});

test('log-odds are of each class against all others', () => {
  const row = [0.3, -2, 5, 4.5];
  const sum = row.reduce((total, each) => total + Math.exp(each), 0);
  for (const [at, odds] of logOdds(row).entries()) {
    const share = Math.exp(row[at] as number) / sum;
    expect(odds).toBeCloseTo(Math.log(share / (1 - share)), 12);
  }
  expect(logOdds([800, -800])).toEqual([1600, -1600]);
  expect(logOdds([3, 3])).toEqual([0, 0]);
});

describe('intervals', () => {
  /** Rows whose share of right ones is what the model says less `overconfident`. */
  const told = (seed: number, count: number, overconfident: number) => {
    const random = seededRandom(seed);
    const rows = Array.from({ length: count }, () => {
      const confidence = 0.5 + 0.5 * random();
      return {
        label: random() < confidence - overconfident ? 0 : 1,
        logits: [Math.log(confidence / (1 - confidence)), 0],
      };
    });
    return classificationMetrics({ labels: rows.map(({ label }) => label), logits: rows.map(({ logits }) => logits) });
  };
  const seeds = Array.from({ length: 50 }, (_seed, at) => 19 * 7919 + 101 * at);

  test('of classes have what was measured in them', () => {
    for (const seed of seeds)
      for (const overconfident of [0, 0.3]) {
        const { accuracy, precision, recall, f1, f1Weighted, rocAuc, calibrationError } = told(seed, 30, overconfident);
        for (const estimate of [accuracy, precision, recall, f1, f1Weighted, rocAuc, calibrationError]) {
          const { value, low, high } = estimate as Estimate;
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
        }
      }
  });

  test('of the calibration error have what it is in most sets of rows, also where it is 0', () => {
    const covered = (overconfident: number) =>
      seeds.filter((seed) => {
        const { low, high } = told(seed, 200, overconfident).calibrationError;
        return low <= overconfident && overconfident <= high;
      }).length;
    // Percentiles of draws have 0 in none.
    expect(covered(0)).toBeGreaterThan(25);
    expect(covered(0.3)).toBeGreaterThan(42);
  });

  test('of numbers have what is true of all rows in some 95 % of sets', () => {
    // Targets of a deviation of 2, predicted with one of 1: R² is 0.75.
    const truths = { mae: Math.sqrt(2 / Math.PI), rmse: 1, r2: 0.75 };
    const covered = { mae: 0, rmse: 0, r2: 0 };
    for (const seed of seeds) {
      const random = seededRandom(seed);
      // Source: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
      const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const wanted = Array.from({ length: 100 }, () => 2 * normal());
      const metrics = regressionMetrics(
        wanted,
        wanted.map((value) => value + normal()),
      );
      for (const name of ['mae', 'rmse', 'r2'] as const) {
        const { value, low, high } = metrics[name] as Estimate;
        expect(low).toBeLessThan(value);
        expect(high).toBeGreaterThan(value);
        if (low <= truths[name] && truths[name] <= high) covered[name] += 1;
      }
    }
    for (const count of Object.values(covered)) expect(count).toBeGreaterThanOrEqual(44);
  });
});

test('R² leaves draws of targets that are all the same out of its interval', () => {
  for (const target of [0.7, 1e9 + 0.1]) {
    const wanted = [target, ...Array(29).fill(0.1)];
    const r2 = regressionMetrics(
      wanted,
      wanted.map((value, row) => value + (row % 2 === 0 ? 0.01 : -0.01)),
    ).r2 as Estimate;
    expect(r2.low).toBeGreaterThan(0.9);
    expect(r2.low).toBeLessThanOrEqual(r2.value);
  }
});

test('numbers have the errors that scikit-learn gives', () => {
  const { mae, rmse, r2 } = regressionMetrics([3, -0.5, 2, 7], [2.5, 0, 2, 8]);
  expect(mae.value).toBeCloseTo(0.5, 12);
  expect(rmse.value).toBeCloseTo(Math.sqrt(0.375), 12);
  expect(r2?.value).toBeCloseTo(0.9486081370449679, 12);
  expect(regressionMetrics([1, 1], [1, 2]).r2).toBeUndefined();
});

test('an interval of a mean is that of its standard error', () => {
  const random = seededRandom(9);
  const values = Array.from({ length: 400 }, () => random());
  const mean = (counts: Uint32Array) => ({
    mean: values.reduce((sum, value, row) => sum + value * (counts[row] ?? 0), 0) / 400,
  });
  const { low = 0, high = 0 } = bootstrap(400, mean).mean ?? {};
  // 1.96 · √(1/12 / 400) on either side.
  expect((high - low) / 2).toBeGreaterThan(0.023);
  expect((high - low) / 2).toBeLessThan(0.034);
  expect(bootstrap(400, mean)).toEqual(bootstrap(400, mean));
});

describe('scales of columns', () => {
  test('columns have a mean and a scale each, or one together', () => {
    const rows = [
      [1e6 + 1, 5],
      [1e6 + 9, 7],
    ];
    expect(normalOf(rows, 'apart')).toEqual({ mean: [1e6 + 5, 6], scale: [1 / 4, 1] });
    expect(normalOf([[0, 4]], 'one')).toEqual({ mean: [2], scale: [0.5] });
  });

  test('what differs by its rounding alone, or not at all, is left out; targets that are all the same stay', () => {
    const rounded = [1, 1 + 2 ** -23].map((value) => [5, Math.fround(value), 1e-30 * value, value - 1]);
    const { scale } = normalOf(rounded, 'apart');
    expect(scale).toEqual([0, 0, 0, expect.closeTo(2 ** 24, 0)]);
    expect(normalOf([[5], [5]], 'one')).toEqual({ mean: [5], scale: [1] });
  });

  test('a number of a vector that is hardly used is not made as wide as the others', () => {
    const [few = 0, many = 0, dead = 0] = normalOf(
      [
        [0.9, -1, 1e-33],
        [1.1, 1, 3e-33],
      ],
      'alike',
    ).scale;
    expect([few, many]).toEqual([expect.closeTo(10, 5), 1]);
    expect(dead).toBeCloseTo(10 / ((0.1 + 1) / 3), 5);
    expect(
      normalOf(
        [
          [2, 3],
          [2, 3],
        ],
        'alike',
      ).scale,
    ).toEqual([0, 0]);
  });
});

describe('labels', () => {
  const wanted = [1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0];
  const logits = [2, -1, 1, 1, 3, -2, 1, -1, -1, -3, -1, -2];
  const metrics = labelMetrics(wanted, logits, 3);

  test('have the means that scikit-learn gives', () => {
    // precision_recall_fscore_support: [2/3, 1, 1], [1, 1/2, 1], [0.8, 2/3, 1]; f1_score(average="micro"): 0.8;
    // accuracy_score: 0.5.
    expect(metrics.byLabel.map(({ precision, recall }) => [precision, recall])).toEqual([
      [2 / 3, 1],
      [1, 1 / 2],
      [1, 1],
    ]);
    expect(metrics.precision.value).toBeCloseTo(8 / 9, 12);
    expect(metrics.recall.value).toBeCloseTo(5 / 6, 12);
    expect(metrics.f1.value).toBeCloseTo((0.8 + 2 / 3 + 1) / 3, 12);
    expect(metrics.f1Micro.value).toBeCloseTo(0.8, 12);
    expect(metrics.accuracy.value).toBe(0.5);
    // roc_auc_score: 3/4, 7/8, 1.
    expect(metrics.rocAuc?.value).toBeCloseTo((0.75 + 0.875 + 1) / 3, 12);
  });

  test('count those that no row has and none is said to have, as scikit-learn does', () => {
    // precision_recall_fscore_support(average="macro") of an indicator: [1, 0], [1, 0], [1, 0].
    const { precision, recall, f1 } = labelMetrics([1, 0, 0, 0], [2, -1, -1, -2], 2);
    expect([precision, recall, f1].map(({ value }) => value)).toEqual([0.5, 0.5, 0.5]);
  });

  test('have no curve where a label is of all rows', () => {
    expect(labelMetrics([1, 1], [1, -1], 1).rocAuc).toBeUndefined();
  });
});

test('vectors are as near as their angles', () => {
  const { rows, cosine } = vectorMetrics([1, 0, 0, 2], Float64Array.of(3, 0, 1, 1), 2);
  expect(rows).toBe(2);
  expect(cosine.value).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12);
});
