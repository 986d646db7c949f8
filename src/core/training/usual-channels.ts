/** Of the first layers; those behind have as many as the last of these. */
const first = [16, 32, 64];

/**
 * The channels of a new network for pictures of a size: each layer but the first halves what it looks at, and there are
 * so many that the last one sees the whole picture at once. With fewer, what is told apart by its place is not.
 */
export function usualChannels(height: number, width: number): readonly number[] {
  const layers = 1 + Math.ceil(Math.log2(Math.max(height, width) / 2));
  return Array.from({ length: Math.max(first.length, layers) }, (_layer, at) => first[at] ?? 64);
}
