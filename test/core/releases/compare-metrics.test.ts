import { expect, test } from '@jest/globals';
import { compareMetrics, type MeasuredVersion } from '../../../src/core/releases/compare-metrics.ts';

const measured = (value: number, low: number, high: number) => ({ value, low, high });

/** A version of `train`, parted by the seed 1. */
function trained(
  version: number,
  metrics: object,
  { kind = 'classes', classes = ['a', 'b'], data = ['d1'], seed = 1 } = {},
) {
  return {
    version,
    metrics,
    made: {
      data: data.map((sha256) => ({ name: 'rows.csv', sha256 })),
      seed,
      recipe: { split: { validation: 0.1, test: 0.2 } },
      report: { measuredBy: 'test', classes, metrics: { kind } },
    },
  } as unknown as MeasuredVersion;
}

test.each([
  ['accuracy', measured(0.975, 0.953, 0.987), measured(0.858, 0.818, 0.89), 'worse'],
  ['accuracy', measured(0.858, 0.818, 0.89), measured(0.975, 0.953, 0.987), 'better'],
  ['accuracy', measured(0.97, 0.95, 0.98), measured(0.94, 0.92, 0.96), 'unclear'],
  ['mae', measured(2, 1.9, 2.1), measured(3, 2.8, 3.2), 'worse'],
  ['mae', measured(3, 2.8, 3.2), measured(2, 1.9, 2.1), 'better'],
  ['r2', measured(0.9, 0.8, 0.95), measured(0.1, -0.2, 0.3), 'worse'],
  // All of few rows were right, which has no interval.
  ['f1', measured(1, 1, 1), measured(0.87, 0.74, 0.97), 'unclear'],
])('%s of %j, then %j, is %s', (measure, before, after, verdict) => {
  const { measures, notes } = compareMetrics(trained(1, { [measure]: before }), trained(2, { [measure]: after }));
  expect({ measures, notes }).toEqual({ measures: [{ measure, before, after, verdict, decides: true }], notes: [] });
});

test('what one may have less of where the whole is better does not decide', () => {
  const [before, after] = [0.9, 0.5].map((value) => ({
    precision: measured(value, value - 0.1, value + 0.1),
    accuracy: measured(0.9, 0.8, 0.95),
  }));
  const { measures } = compareMetrics(trained(1, before as object), trained(2, after as object));
  expect(measures.map(({ measure, verdict, decides }) => [measure, verdict, decides])).toEqual([
    ['accuracy', 'unclear', true],
    ['precision', 'worse', false],
  ]);
});

const half = { accuracy: measured(0.5, 0.4, 0.6) };
const other = 'version 1 and version 2 were not measured by the same rows';
test.each([
  ['the same file, parted alike', trained(1, half), trained(2, half), []],
  ['another seed', trained(1, half), trained(2, half, { seed: 2 }), [other]],
  ['another file', trained(1, half), trained(2, half, { data: ['d2'] }), [other]],
  ['one file of tests', trained(1, half, { data: ['d1', 't'] }), trained(2, half, { data: ['d2', 't'], seed: 2 }), []],
  ['two files of tests', trained(1, half, { data: ['d', 't1'] }), trained(2, half, { data: ['d', 't2'] }), [other]],
  [
    'what somebody says',
    trained(1, half),
    { version: 2, metrics: half },
    ['whether version 1 and version 2 were measured by the same rows is not known'],
  ],
])('%s: the rows are told', (_what, before, after, notes) => {
  expect(compareMetrics(before, after)).toEqual({
    measures: [expect.objectContaining({ measure: 'accuracy' })],
    notes,
  });
});

const others = 'version 1 and version 2 tell other classes or numbers';
const none = 'version 2 has no metrics with intervals, as version 1 has';
const noneInCommon = 'version 1 and version 2 have no measure in common';
test.each([
  [{ version: 1 }, { version: 2 }, 'version 1 and version 2 have no metrics with intervals', false],
  [{ version: 1 }, trained(2, half), 'version 1 has no metrics with intervals', false],
  [trained(1, half), trained(2, { accuracy: 0.9 }), none, true],
  [trained(1, half), { version: 2 }, none, true],
  [trained(1, half), trained(2, half, { kind: 'labels' }), others, false],
  [trained(1, half), trained(2, half, { classes: ['a', 'c'] }), others, false],
  // Both of classes, so that the first could have been measured of the second.
  [trained(1, half), trained(2, { f1: half.accuracy }), noneInCommon, true],
  [{ version: 1, metrics: { mae: half.accuracy } }, { version: 2, metrics: { r2: half.accuracy } }, noneInCommon, true],
  [{ version: 1, metrics: half }, { version: 2, metrics: { r2: half.accuracy } }, noneInCommon, false],
])('of %j and %j nothing is compared, and why is told: %s; refused: %s', (before, after, reason, isRefused) => {
  const why = `what was measured is not compared: ${reason}`;
  expect(compareMetrics(before, after)).toEqual({
    measures: [],
    ...(isRefused ? { notes: [], refusal: why } : { notes: [why] }),
  });
});

test('what was measured of the source of a version counts, and that is said', () => {
  const better = { accuracy: measured(0.7, 0.65, 0.75) };
  expect(compareMetrics(trained(1, better), { ...trained(2, half), measuredOf: 'm@3' })).toEqual({
    measures: [expect.objectContaining({ verdict: 'worse' })],
    notes: ['of version 2 counts what was measured of m@3, which it was made of and judged by'],
  });
});
