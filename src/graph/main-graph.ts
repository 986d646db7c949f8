/** A tensor that the file holds. */
export interface FileTensor {
  readonly shape: readonly number[];
  /** Its elements, where it is a short list of integers: axes, sizes and the like. */
  readonly numbers?: readonly number[];
}

/** A node of a graph. */
export interface GraphNode {
  /** With the domain in front where it is not ONNX's own. */
  readonly operator: string;
  /** An empty name stands for an optional input that is not given. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that are an integer, or a short list of them: a long one holds weights. */
  readonly integers: ReadonlyMap<string, readonly number[]>;
  /** The tensor that the attribute `value` holds (of Constant). */
  readonly value: FileTensor | undefined;
  /** Whether it runs a graph of its own, which may work on any value of this one. */
  readonly hasGraph: boolean;
}

/** The graph of an ONNX file, without what is in its subgraphs and functions. */
export interface MainGraph {
  /** Version of ONNX's own operators. */
  readonly opset: number;
  /** In an order in which they can run. */
  readonly nodes: readonly GraphNode[];
  /** By name. */
  readonly initializers: ReadonlyMap<string, FileTensor>;
  /**
   * Name of an input → how many dimensions it has; undefined where nothing is said of them. Some may be initializers
   * too.
   */
  readonly inputs: ReadonlyMap<string, number | undefined>;
  readonly outputs: readonly string[];
  /** Whether the file defines operators of its own, by whatever name. */
  readonly hasFunctions: boolean;
}
