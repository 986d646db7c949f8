/** Varints of 64 bits in two's complement, in a row; at most `most` of them. What is beyond 2^53 is rounded. */
export function signedVarints(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): number[] {
  const values: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte >= 128) continue;
    values.push(Number(BigInt.asIntN(64, value)));
    if (values.length >= most) break;
    value = 0n;
    shift = 0n;
  }
  return values;
}
