/** What may be wrong with a conversion, by name. */
export type FindingName =
  | 'does-not-load'
  | 'other-inputs'
  | 'other-outputs'
  | 'other-datatype'
  | 'lost-free-dimension'
  | 'other-shape'
  | 'fails'
  | 'not-a-number'
  | 'batch-leak'
  | 'other-answers'
  | 'lost-points'
  | 'no-gain'
  | 'unverified';

/** Why the gate refuses a conversion. */
export interface Finding {
  readonly name: FindingName;
  /** What was expected, what came, and by how much. */
  readonly words: string;
  /** The sample, or what else was run, that shows it; undefined where no single one does. */
  readonly where?: string;
}
