/** The options of `tensorgate infer`. */
export interface InferOptions {
  readonly version?: string;
  readonly models: string;
  readonly url?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly json: boolean;
}
