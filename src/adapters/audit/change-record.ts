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
