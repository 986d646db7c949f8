/** What an ONNX file says of itself, but for its weights. */
export interface OnnxSummary {
  /** Name and version of what wrote the file; empty where it does not say. */
  readonly producer: string;
  /** Domain → version; ONNX's own domain is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Operator → how often it is used, subgraphs and functions included; the most used first. */
  readonly operators: Readonly<Record<string, number>>;
  /** Elements of all tensors in the model, and floats in attributes (the weights of `ai.onnx.ml`). */
  readonly parameters: number;
  /** Bytes that the parameters take, wherever they are stored. */
  readonly weightBytes: number;
  /** The files beside the model that tensors lie in, as `external_data` names them, each once. */
  readonly externalData: readonly string[];
  /**
   * Whether it goes on with tokens by caches, as Hugging Face's exporters name them: it takes `past_key_values.…` and
   * gives `logits`.
   */
  readonly isDecoder: boolean;
}
