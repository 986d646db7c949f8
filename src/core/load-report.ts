/** In which form a version was loaded. */
export interface LoadReport {
  /**
   * `ensemble`, which has no files; `prepared`; or as it was stored: `stored` where there is no prepared form, `unfit`
   * where one was found to win nothing, `refused` where there is one that was refused.
   */
  readonly form: 'ensemble' | 'prepared' | 'stored' | 'unfit' | 'refused';
  /** Why, in words; empty where it is prepared. */
  readonly whyPlain: string;
  /** Why it runs on the processor though a GPU was asked for first. */
  readonly whyNotCuda?: string | undefined;
  /** Bytes of the files that were loaded. */
  readonly bytes: number;
}
