/** Values as JSON has them, of six digits where they are fractions: what people send. */
export function jsonNumbers(values: Float32Array | Uint8Array | BigInt64Array): readonly number[] {
  if (values instanceof BigInt64Array) return Array.from(values, Number);
  return Array.from(values, (value) => Number(value.toPrecision(6)));
}
