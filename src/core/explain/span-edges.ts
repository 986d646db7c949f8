export const usualSpans = 16;

/** Where spans of a sound or a file begin, in samples or bytes, and where the last ends: spans as long as each other. */
export function spanEdges(length: number, spans = usualSpans): readonly number[] {
  const count = Math.min(spans, length);
  return Array.from({ length: count + 1 }, (_item, at) => Math.round((at * length) / count));
}
