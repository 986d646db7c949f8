/** How likely rows are held for of each class. */
interface Ranked {
  readonly rows: number;
  readonly classes: number;
  /** A row after the other: the larger, the more likely. */
  readonly scores: ArrayLike<number>;
  readonly isOf: (row: number, place: number) => boolean;
}

/**
 * The area under the curve of each class against all others, as the mean over those that some rows have and others have
 * not; NaN where there is none. It is how often a row of the class is held for more likely of it than one of another,
 * even ones counting half.
 *
 * Source: Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve",
 * 1982.
 */
export function rocCurves({ rows, classes, scores: all, isOf }: Ranked): (counts: Uint32Array) => number {
  // Rows are sorted once, and then counted along; only where rows of the class stand is there more to do.
  const orders = Array.from({ length: classes }, (_class, at) => {
    const scores = Float64Array.from({ length: rows }, (_score, row) => all[row * classes + at] as number);
    const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number));
    const isOwn = Uint8Array.from(order, (row) => (isOf(row, at) ? 1 : 0));
    return { order, isOwn, even: evenWithOwn(order, scores, isOwn) };
  });
  return (counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    let [sum, seen] = [0, 0];
    for (const { order, isOwn, even } of orders) {
      let [place, before, own, below] = [0, 0, 0, 0];
      for (const { start, end } of even) {
        for (; place < start; place += 1) before += counts[order[place] as number] as number;
        let [evenOwn, evenAll] = [0, 0];
        for (; place < end; place += 1) {
          const count = counts[order[place] as number] as number;
          evenAll += count;
          if (isOwn[place] === 1) evenOwn += count;
        }
        below += evenOwn * (before - own + (evenAll - evenOwn) / 2);
        before += evenAll;
        own += evenOwn;
      }
      if (own === 0 || own === total) continue;
      sum += below / (own * (total - own));
      seen += 1;
    }
    return seen === 0 ? Number.NaN : sum / seen;
  };
}

/** Where places with the same score begin and end, of those that have a row of the class among them. */
function evenWithOwn(order: Uint32Array, scores: Float64Array, isOwn: Uint8Array) {
  const found: { readonly start: number; readonly end: number }[] = [];
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start] as number];
    let end = start + 1;
    while (end < order.length && scores[order[end] as number] === score) end += 1;
    if (isOwn.subarray(start, end).includes(1)) found.push({ start, end });
    start = end;
  }
  return found;
}
