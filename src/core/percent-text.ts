/** A share of 1 in words, such as `12.5 %`. */
export function percentText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
