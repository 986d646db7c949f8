/** In how many ways `size` of `count` can be chosen. */
export function choose(count: number, size: number): number {
  let ways = 1;
  for (let at = 0; at < size; at += 1) ways = (ways * (count - at)) / (at + 1);
  return Math.round(ways);
}
