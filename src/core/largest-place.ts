/** The place of the largest of some scores, the first of those that are alike. */
export function largestPlace(scores: ArrayLike<number>): number {
  let best = 0;
  for (let place = 1; place < scores.length; place += 1)
    if ((scores[place] as number) > (scores[best] as number)) best = place;
  return best;
}
