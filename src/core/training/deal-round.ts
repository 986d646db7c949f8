/** Some batches of a pass, as workers share them. */
export interface DealtRound {
  /** Of each worker, by the numbers of rows; where there is less than workers, some have nothing to do. */
  readonly shares: readonly (readonly (readonly number[])[])[];
  /** Batches of the pass that are done with it. */
  readonly done: number;
}

export interface Dealing {
  readonly workers: number;
  /** Steps that each takes. */
  readonly localSteps: number;
}

/**
 * Deals out the batches of a round, the first of which is number `from` of the pass: one by one; where each worker takes
 * one step alone, the rows of one batch, so that together they take the step of that.
 */
export function dealRound(
  batches: readonly (readonly number[])[],
  from: number,
  { workers, localSteps }: Dealing,
): DealtRound {
  if (localSteps === 1) return { shares: partsOf(batches[from] as readonly number[], workers), done: from + 1 };
  const round = batches.slice(from, from + workers * localSteps);
  const shares = Array.from({ length: Math.min(workers, round.length) }, (_worker, at) =>
    round.filter((_batch, place) => place % workers === at),
  );
  return { shares, done: from + round.length };
}

function partsOf(batch: readonly number[], workers: number): DealtRound['shares'] {
  const parts = Math.min(workers, batch.length);
  const begin = (part: number) => Math.floor((batch.length * part) / parts);
  return Array.from({ length: parts }, (_worker, at) => [batch.slice(begin(at), begin(at + 1))]);
}
