/** What is there of settings as a model.json has them, or as it is filled in. */
interface Batching {
  readonly preferredBatchSizes?: readonly number[];
}

/** Settings of batching with another `maxBatchSize`, and none of the preferred sizes that no run can have then. */
export function withBatchSize<Settings extends Batching>(
  batching: Settings,
  maxBatchSize: number,
): Settings & { readonly maxBatchSize: number } {
  const { preferredBatchSizes } = batching;
  if (!preferredBatchSizes || maxBatchSize === 0) return { ...batching, maxBatchSize };
  return {
    ...batching,
    maxBatchSize,
    preferredBatchSizes: preferredBatchSizes.filter((size) => size <= maxBatchSize),
  };
}
