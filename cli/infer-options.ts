/** The options of `tensorgate infer`. */
export interface InferOptions {
  readonly models: string;
  readonly url?: string;
  /** Keys whose signatures count; all is loaded without them. */
  readonly requireSignature?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  /** Of the task, as JSON. */
  readonly parameters?: string;
  readonly json: boolean;
}
