/** The places of the largest values, so many of them, in their order; of values that are the same, the first. */
export function largestPlaces(values: ArrayLike<number>, count: number): readonly number[] {
  const order = Array.from(values, (_value, place) => place);
  order.sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}
