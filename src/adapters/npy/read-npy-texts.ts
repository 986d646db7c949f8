/**
 * The strings of a NumPy array: elements of one size, filled up with zeros; code points of 4 bytes, or bytes as they
 * are.
 */
export function readNpyTexts(
  data: Uint8Array,
  elementBytes: number,
  count: number,
  areCodePoints: boolean,
): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, index) => {
    const element = data.subarray(index * elementBytes, (index + 1) * elementBytes);
    return areCodePoints ? encodeCodePoints(element) : withoutFill(element);
  });
}

function encodeCodePoints(element: Uint8Array): Uint8Array {
  const view = new DataView(element.buffer, element.byteOffset, element.byteLength);
  const codePoints = Array.from({ length: element.length / 4 }, (_, index) => view.getUint32(index * 4, true));
  const length = codePoints.findLastIndex((codePoint) => codePoint !== 0) + 1;
  const characters = codePoints.slice(0, length).map((codePoint) => String.fromCodePoint(codePoint));
  return new TextEncoder().encode(characters.join(''));
}

function withoutFill(element: Uint8Array): Uint8Array {
  return element.subarray(0, element.findLastIndex((byte) => byte !== 0) + 1);
}
