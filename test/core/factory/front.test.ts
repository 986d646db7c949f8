import { describe, expect, test } from '@jest/globals';
import type { CandidateTrial } from '../../../src/core/factory/candidate-trial.ts';
import { chosenTrial } from '../../../src/core/factory/chosen-trial.ts';
import { classOfVector } from '../../../src/core/factory/class-of-vector.ts';
import type { FindingName } from '../../../src/core/factory/finding.ts';
import { fitSoftmaxHead } from '../../../src/core/factory/fit-softmax-head.ts';
import { onFront } from '../../../src/core/factory/on-front.ts';
import { shareOf } from '../../../src/core/factory/share-of.ts';
import { shareWords } from '../../../src/core/factory/share-words.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';

function trial(name: string, bytes: number, ms: number, agreed: number, refused: readonly FindingName[] = []) {
  const findings = refused.map((finding) => ({ name: finding, words: '' }));
  const outputs = { y: { kind: 'classes' as const, largest: 0, agreement: shareOf(agreed, 1000) } };
  const report = { findings, notes: [], samples: 1000, outputs, latency: { ms, sourceMs: 10 } };
  return { name, passes: [], bytes, report } satisfies CandidateTrial;
}

const names = (trials: readonly CandidateTrial[]) => trials.map(({ name }) => name);

describe('the front', () => {
  test('has what nothing else beats in size, time and agreement at once', () => {
    const small = trial('small', 10, 8, 990);
    const quick = trial('quick', 20, 4, 980);
    const good = trial('good', 50, 10, 1000);
    const beaten = trial('beaten', 21, 4, 980);
    const { latency: _latency, ...untimed } = trial('untimed', 1, 1, 1000).report;
    expect(names(onFront([small, quick, good, beaten, { ...small, name: 'untimed', report: untimed }]))).toEqual([
      'small',
      'quick',
      'good',
    ]);
  });

  test('the quickest that passes is chosen, of those about as quick the smallest', () => {
    const trials = [
      trial('refused', 1, 1, 900, ['lost-points']),
      trial('large', 50, 4, 995),
      trial('small', 20, 4.1, 990),
      trial('slow', 5, 8, 1000),
    ];
    expect(chosenTrial(trials)?.name).toBe('small');
    expect(chosenTrial(trials.slice(0, 1))).toBeUndefined();
  });
});

test('a share is told with the bound of its interval, rounded down', () => {
  expect(shareOf(3052, 3080).atLeast).toBeCloseTo(0.98689, 4);
  expect(shareWords(shareOf(1999, 2000))).toBe('1999 of 2000, 99.9 % (at least 99.7 %)');
  expect(shareOf(0, 0)).toMatchObject({ share: 0, atLeast: 0 });
});

test('a head tells classes apart, and is the same each time', () => {
  const random = seededRandom(5);
  const labels = Array.from({ length: 300 }, (_label, row) => row % 3);
  const vectors = labels.map((label) =>
    Float64Array.from({ length: 6 }, (_value, column) => random() * 0.4 + (column === 2 * label ? 1 : 0)),
  );
  const head = fitSoftmaxHead(vectors, labels, 3);
  expect(vectors.map((vector) => classOfVector(head, vector))).toEqual(labels);
  expect(fitSoftmaxHead(vectors, labels, 3)).toEqual(head);
});
