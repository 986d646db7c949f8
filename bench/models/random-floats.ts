/** Values from -`most` to `most`. */
export function randomFloats(length: number, most: number, random: () => number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  for (let index = 0; index < length; index += 1) values[index] = (2 * random() - 1) * most;
  return values;
}
