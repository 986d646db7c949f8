/** What jobs do where nobody says otherwise. */
export interface BatchDefaults {
  /** What keys of inputs begin with; it ends in '/'. */
  readonly inputPrefix: string;
  /** What keys of results begin with; it ends in '/', and has nothing in common with inputPrefix. */
  readonly resultPrefix: string;
  /** Shards at once, of one job. Each is a concurrent invocation of the account's. */
  readonly maxConcurrency: number;
  /** Shards in a hundred that may fail, after all tries, before a job begins no more of them. */
  readonly toleratedFailurePercentage: number;
  /** Fields of each record that go through to its answer. */
  readonly keptFields: readonly string[];
  /** Records without an answer past which a job counts as failed; undefined: none is too many. */
  readonly maxFailedRecords: number | undefined;
}

export const batchDefaults: BatchDefaults = {
  inputPrefix: 'in/',
  resultPrefix: 'out/',
  maxConcurrency: 100,
  toleratedFailurePercentage: 10,
  keptFields: ['id'],
  maxFailedRecords: undefined,
};
