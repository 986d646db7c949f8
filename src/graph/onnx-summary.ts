/** What a model says of one of its inputs or outputs. */
export interface OnnxValue {
  readonly name: string;
  /** A datatype of the protocol, another ONNX element type, or what holds them, such as `sequence(map(INT64, FP32))`. */
  readonly datatype: string;
  /** Sizes; a name where the dimension is free, empty where it has none. Absent where the file does not say. */
  readonly shape?: readonly (number | string)[];
}

export interface OnnxTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

export interface TensorTotal {
  readonly count: number;
  /** Elements of them all. */
  readonly parameters: number;
  readonly bytes: number;
}

/** What an ONNX file holds, without its weights. */
export interface OnnxSummary {
  readonly irVersion: number;
  readonly producer: string;
  /** The domain of ONNX's own operators is `ai.onnx`. */
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  /** What a caller feeds: initializers that are listed as inputs are left out. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** Weights; those of subgraphs too. */
  readonly initializers: TensorTotal;
  /** Tensors that nodes hold as attributes: some converters keep weights there. */
  readonly constants: TensorTotal;
  /** The five biggest of all tensors, biggest first. */
  readonly largest: readonly OnnxTensor[];
  /** Files beside the model that hold tensors, as it names them, with the bytes that it takes from each. */
  readonly externalData: readonly { readonly location: string; readonly bytes: number }[];
  /** Nodes by operator, most frequent first, those of subgraphs and functions too; outside of `ai.onnx` the domain is in the name. */
  readonly operators: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
}
