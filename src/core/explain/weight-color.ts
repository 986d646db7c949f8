/** What a weight is drawn in. */
export function weightColor(weight: number): string {
  return weight < 0 ? '#0072b2' : '#d55e00';
}
