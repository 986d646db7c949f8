/** A change of what a model repository holds, or of who may use it. */
export interface Change {
  /** A word such as `push`, `promote` or `policy`. */
  readonly action: string;
  readonly model?: string;
  readonly version?: number;
  /** What else is to be known of it; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whoever a host acts for. @default who runs this process */
  readonly who?: string;
}

/** What a line of the chain of changes says. */
export interface ChangeLine extends Change {
  readonly who: string;
  /**
   * `begun`: it is about to be made. Of one that was begun, a line says how it ended: `failed` with why, `unchanged`.
   * @default the change is made
   */
  readonly kind?: 'begun' | 'failed' | 'unchanged';
  /** The number of the line by which it was begun. */
  readonly begun?: number;
  readonly why?: string;
}
