/** What a family's script says of a source that it converted: `report.json`. */
export interface ConverterReport {
  readonly framework: string;
  /** What it was, as its framework calls it: `StandardScaler > LogisticRegression`. */
  readonly kind: string;
  /** Package → version that the source says it was made with, where it says another than that which read it. */
  readonly madeWith: Readonly<Record<string, string>>;
  /** Package → version of what read and converted it. */
  readonly versions: Readonly<Record<string, string>>;
  /** Input → its shape as the source has it; -1 is any size. */
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** The inputs of its samples are random. */
  readonly drawn: boolean;
  /** Of what was drawn. */
  readonly seed?: number;
}
