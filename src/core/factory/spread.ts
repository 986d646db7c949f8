/** Up to `most` of the values, evenly spread over them. */
export function spread<T>(values: readonly T[], most: number): readonly T[] {
  if (values.length <= most) return values;
  return values.filter(
    (_value, place) => Math.floor((place * most) / values.length) !== Math.floor(((place - 1) * most) / values.length),
  );
}
