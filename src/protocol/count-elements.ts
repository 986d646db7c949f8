/** Elements of a tensor of `shape`: the product of its sizes, 1 for a scalar. */
export function countElements(shape: readonly number[]): number {
  let elements = 1;
  for (const size of shape) elements *= size;
  return elements;
}
