/** The models of an ensemble's steps, as it was checked against them. */
export interface Parts {
  /** Runs of models that one of the ensemble comes to. */
  readonly runs: number;
  /** What keeps one of them from answering; undefined where nothing does. */
  whyNotReady(): string | undefined;
  /** Whether its steps mean the versions that they did then. */
  areSame(): boolean;
}
