/** What turns ASCII digits in a word to their values. */
export const zeros = 0x30303030;

/**
 * A bit for the first byte of a `digitWord` that is no digit, none where all four are digits.
 * (A carry sets bits only past the first, and those are cleared.)
 */
export function firstStop(word: number): number {
  const stops = ((word + 0x76767676) | word) & 0x80808080;
  return stops & -stops;
}

/** How many digits come before `stop`, which is not 0. */
export function digitsBefore(stop: number): number {
  return (31 - Math.clz32(stop)) >> 3;
}

/** The number that the first `count` digits of a word make, for 0 to 3 of them. */
export function someDigits(word: number, count: number): number {
  return fourDigits((word << (24 - 8 * count)) << 8);
}

/**
 * The number that the four digits of a word make: pairs, then the pair of them (Lemire, "Quickly parsing eight digits",
 * 2018).
 */
export function fourDigits(word: number): number {
  const pairs = (Math.imul(word, 2561) >>> 8) & 0x00ff00ff;
  return Math.imul(pairs, 6553601) >>> 16;
}
