import type { BatchingConfig } from '../../ports/model-store.ts';

// More in one run would win little, and hold up whoever comes next.
const usual = 64;

/** Rows of all requests that may share a run of a model. */
export function mostRows({ maxBatchSize }: BatchingConfig): number {
  return maxBatchSize || usual;
}
