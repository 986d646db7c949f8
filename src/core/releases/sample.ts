/** Inputs with the answers that are expected to them: a line of a version's `samples.jsonl`, say. */
export interface Sample {
  /** What it is called where something is said of it, such as `samples.jsonl line 3`. */
  readonly where: string;
  /** Values of JSON, nested as the tensors are, by input. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The same by output; those that are left out are not looked at. */
  readonly outputs: Readonly<Record<string, unknown>>;
}
