/**
 * A number from 0 to below 1 that belongs to a text: the same each time, and those of many texts are spread evenly.
 *
 * FNV-1a over UTF-16 units, then the finalizer of MurmurHash3, without which texts that differ in their last letter
 * alone would lie beside each other. Whoever may choose the text may choose the number: it deals out calls, and guards
 * nothing.
 */
export function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
