import type { Item } from './predict.ts';

/** What the model of a task is asked. */
export interface AskedItems {
  /** Of a comparison of sentences that which is compared, and behind it those that it is compared with. */
  readonly items: readonly Item[];
  /** Where sentences are compared: how many those are, of each comparison. */
  readonly counts?: readonly number[];
}
