/** The names of classes in a text, one a line; what ends the last line begins no other. */
export function labelLines(text: string): readonly string[] {
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
