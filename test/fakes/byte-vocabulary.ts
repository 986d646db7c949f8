const encoder = new TextEncoder();
const pieces = [
  '{"',
  '":',
  '": ',
  ', "',
  '"}',
  '"]',
  '}}',
  ' "',
  '  ',
  '\n  ',
  'true',
  'ull',
  '12',
  '0.5',
  'name',
  'the ',
  'ähn',
  '日本',
  '\\u',
  '[{',
];

/**
 * A token that ends a text, before those of each byte, and of some texts that cross the borders of what JSON is made
 * of.
 */
export const byteVocabulary: readonly (Uint8Array | undefined)[] = [
  undefined,
  ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
  ...pieces.map((piece) => encoder.encode(piece)),
];

export const endToken = 0;
