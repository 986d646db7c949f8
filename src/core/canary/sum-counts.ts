import type { ArmCounts, CanaryCounts } from './canary-counts.ts';

const none: ArmCounts = { calls: 0, errors: 0, timed: 0, slow: 0 };

/** The counts of several hosts together. */
export function sumCounts(all: readonly CanaryCounts[]): CanaryCounts {
  return all.reduce<CanaryCounts>(
    (sum, counts) => ({
      canary: add(sum.canary, counts.canary),
      stable: add(sum.stable, counts.stable),
      compared: sum.compared + counts.compared,
      disagreed: sum.disagreed + counts.disagreed,
    }),
    { canary: none, stable: none, compared: 0, disagreed: 0 },
  );
}

function add(one: ArmCounts, other: ArmCounts): ArmCounts {
  return {
    calls: one.calls + other.calls,
    errors: one.errors + other.errors,
    timed: one.timed + other.timed,
    slow: one.slow + other.slow,
  };
}
