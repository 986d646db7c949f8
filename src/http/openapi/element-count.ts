/** Tensors of more elements have neither an example nor a count in the document. */
export const spelledOutElements = 4096;

/** Elements of a tensor of this shape, with 1 for a dimension that is free. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * (size === -1 ? 1 : size), 1);
}
