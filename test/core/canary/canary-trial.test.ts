import { describe, expect, test } from '@jest/globals';
import { CanaryTrial } from '../../../src/core/canary/canary-trial.ts';
import { defaultCanaryRules } from '../../../src/core/canary/default-canary-rules.ts';
import { logEvidence } from '../../../src/core/canary/log-evidence.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';

/** How calls of a version go. */
interface Behaviour {
  readonly failing: number;
  /** Milliseconds, times a random number of a long tail. */
  readonly ms: number;
  /** Part of its answers that are the stable version's. */
  readonly agreeing: number;
}

const stable: Behaviour = { failing: 0.002, ms: 4, agreeing: 1 };
const runs = 100;
const rules = defaultCanaryRules;

/** How many calls it takes until the canary is taken back, of `calls`; undefined where it stays. */
function simulate(seed: number, bad: Partial<Behaviour>, percent: number, calls: number, good = stable) {
  const random = seededRandom(seed);
  const trial = new CanaryTrial({ percent }, rules);
  const canary = { ...good, ...bad };
  for (let call = 1; call <= calls; call += 1) {
    const isCanary = random() < percent / 100;
    const { failing, ms, agreeing } = isCanary ? canary : good;
    const isError = random() < failing;
    const outcome = { isCanary, isError, ms: ms * (0.8 - 0.3 * Math.log(1 - random())) };
    const isWorse = trial.heard(outcome);
    const isCompared = isCanary && !isError && random() < rules.comparePercent / 100;
    const isOther = isCompared && trial.compared(random() < agreeing);
    if ((isWorse || isOther) && trial.judge().reason !== undefined) return { call, ...trial.judge() };
  }
  return undefined;
}

function takenBack(bad: Partial<Behaviour>, percent: number, calls: number, good = stable) {
  const found = Array.from({ length: runs }, (_run, index) => simulate(index + 1, bad, percent, calls, good));
  return found.flatMap((each) => each ?? []).sort((one, other) => one.call - other.call);
}

describe('a canary', () => {
  test('that is as good as the stable version stays, in 100 of 100 runs of 5000 calls', () => {
    expect(takenBack({}, 10, 5000)).toEqual([]);
  });

  test('stays where the stable version itself fails often', () => {
    expect(takenBack({}, 10, 3000, { failing: 0.2, ms: 4, agreeing: 0.95 })).toEqual([]);
  });

  // Of 100, at most 1 is to be expected at a confidence of 0.99, and more than 6 come once in 10,000 times.
  test('that is just as bad as is tolerated is taken back in no more runs than the confidence says', () => {
    const { errorRate, disagreement } = rules.tolerated;
    expect(takenBack({ failing: errorRate, agreeing: 1 - disagreement }, 50, 4000).length).toBeLessThanOrEqual(6);
  });

  test.each([
    ['fails 5 of 100 calls', { failing: 0.05 }, 'failed', 10_000],
    ['takes twice as long', { ms: 8 }, 'slower', 5000],
    ['answers half of the calls otherwise', { agreeing: 0.5 }, 'answers that were compared', 5000],
    ['fails always', { failing: 1 }, 'failed', 200],
  ] as const)('that %s is taken back in 100 of 100 runs', (_what, bad, words, calls) => {
    const found = takenBack(bad, 10, calls);
    expect(found).toHaveLength(runs);
    expect(found[0]?.reason).toContain(words);
    expect(found[0]?.reason).toContain('confidence 0.99');
  });

  test('is judged by what other hosts saw too', () => {
    const trial = new CanaryTrial({ percent: 10 }, rules);
    const counts = {
      canary: { calls: 200, errors: 12, timed: 0, slow: 0 },
      stable: { calls: 1800, errors: 3, timed: 0, slow: 0 },
      compared: 0,
      disagreed: 0,
    };
    expect(trial.judge().reason).toBeUndefined();
    trial.others = [counts];
    expect(trial.judge().reason).toBe(
      '12 of 200 calls failed, beside 3 of 1800 of the stable version (confidence 0.99)',
    );
  });

  test('that callers stay with is held against the calls that it had', () => {
    const callers = (sticky?: 'key') => {
      const trial = new CanaryTrial({ percent: 10, ...(sticky && { sticky }) }, rules);
      // A tenth of the callers makes half of the calls, and one call in 20 fails.
      for (let call = 0; call < 2000; call += 1) trial.heard({ isCanary: call % 2 === 0, isError: call % 40 < 2 });
      return trial.judge().reason;
    };
    expect(callers('key')).toBeUndefined();
    expect(callers()).toContain('failed');
  });
});

describe('logEvidence', () => {
  test('has an expectation of 1 at most, of what may be', () => {
    const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
    for (const most of [0.01, 0.3, 0.9])
      for (const rate of [most, most / 2, most / 10]) {
        let expectation = 0;
        for (let k = 0; k <= 40; k += 1)
          expectation += choose(40, k) * rate ** k * (1 - rate) ** (40 - k) * Math.exp(logEvidence(k, 40, most));
        expect(expectation).toBeLessThanOrEqual(1 + 1e-9);
      }
  });

  test('grows with events, shrinks without, and is nothing where all is tolerated', () => {
    expect(logEvidence(5, 100, 0.01)).toBeGreaterThan(logEvidence(4, 100, 0.01));
    expect(logEvidence(5, 200, 0.01)).toBeLessThan(logEvidence(5, 100, 0.01));
    expect(logEvidence(0, 0, 0.01)).toBeCloseTo(0);
    expect(logEvidence(50, 50, 1)).toBe(0);
    expect(logEvidence(1000, 1000, 0.5)).toBeGreaterThan(100);
  });
});
