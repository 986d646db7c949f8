/** Which of so many layers are kept, by their places: the first, the last, and those evenly between them. */
export function layersToKeep(layers: number, kept: number): readonly number[] {
  if (kept === 1) return [0];
  return Array.from({ length: kept }, (_layer, place) => Math.floor((place * (layers - 1)) / (kept - 1)));
}
