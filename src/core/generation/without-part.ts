/** A text up to a character that it ends within, as decoders write one. */
export function withoutPart(text: string): string {
  return text.replace(/\uFFFD+$/, '');
}
