/** A size: known, free but named (the same name, the same size), or not known. */
export type Dimension = number | string | undefined;

/** What is known of a value before it is there; of what is left out, nothing is. */
export interface ValueType {
  /** ONNX's number of its elements' type. */
  readonly dataType?: number | undefined;
  readonly shape?: readonly Dimension[] | undefined;
  /** The elements of a scalar or short list of integers: sizes, axes and the like. */
  readonly elements?: readonly Dimension[] | undefined;
}
