/**
 * The letters that tokens of byte-level vocabularies are written in, with the byte that each stands for.
 *
 * Source: GPT-2's bytes_to_unicode: what shows stands for itself, the rest for letters from U+0100 on.
 */
export function byteLetters(): ReadonlyMap<string, number> {
  const shows = (byte: number) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
  let next = 0x100;
  return new Map(
    Array.from({ length: 256 }, (_, byte) => [String.fromCodePoint(shows(byte) ? byte : next++), byte] as const),
  );
}
