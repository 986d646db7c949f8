/** A node of a graph. */
export interface GraphNode {
  /** With the domain in front where it is not ONNX's own. */
  readonly operator: string;
  /** An empty name stands for an optional input that is not given. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that are an integer, or a short list of them: a long one holds weights. */
  readonly integers: ReadonlyMap<string, readonly number[]>;
  /** Dimensions of the tensor that the attribute `value` holds (of Constant). */
  readonly valueShape: readonly number[] | undefined;
}

/** The graph of an ONNX file, without what is in its subgraphs and functions. */
export interface MainGraph {
  /** Version of ONNX's own operators. */
  readonly opset: number;
  /** In an order in which they can run. */
  readonly nodes: readonly GraphNode[];
  /** Name of a tensor in the file → its dimensions. */
  readonly initializers: ReadonlyMap<string, readonly number[]>;
  /** Name of an input → how many dimensions it has; undefined where nothing is said of them. Some may be initializers too. */
  readonly inputs: ReadonlyMap<string, number | undefined>;
  readonly outputs: readonly string[];
  /** Whether the file defines operators of its own, by whatever name. */
  readonly hasFunctions: boolean;
}
