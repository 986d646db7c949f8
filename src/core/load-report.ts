/** In which form a version was loaded. */
export interface LoadReport {
  /**
   * `ensemble`, which has no files; `prepared`, or why it was loaded as it was stored: there is no prepared form, one
   * was found to win nothing, or there is one that was refused.
   */
  readonly form: 'ensemble' | 'prepared' | 'missing' | 'unfit' | 'refused';
  /** Why, in words; empty where it is prepared. */
  readonly whyPlain: string;
  /** Why it runs on the processor though a GPU was asked for first. */
  readonly whyNotCuda?: string | undefined;
  /** Bytes of the files that were loaded. */
  readonly bytes: number;
}
