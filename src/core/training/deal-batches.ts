/**
 * The batches of each worker in a round, dealt out one by one; where there are fewer batches than workers, some have
 * nothing to do.
 */
export function dealBatches(
  batches: readonly (readonly number[])[],
  workers: number,
): readonly (readonly (readonly number[])[])[] {
  return Array.from({ length: Math.min(workers, batches.length) }, (_worker, at) =>
    batches.filter((_batch, place) => place % workers === at),
  );
}
