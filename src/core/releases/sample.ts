/** Inputs with the answers that are expected to them: a line of a version's `samples.jsonl`. */
export interface Sample {
  /** From 1 on. */
  readonly line: number;
  /** Values of JSON, nested as the tensors are, by input. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The same by output; those that are left out are not looked at. */
  readonly outputs: Readonly<Record<string, unknown>>;
}
