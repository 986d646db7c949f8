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
  // Rows are sorted once, and then counted along.
  const orders = Array.from({ length: classes }, (_class, at) => {
    const scores = Float64Array.from({ length: rows }, (_score, row) => all[row * classes + at] as number);
    const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number));
    const isTied = Uint8Array.from(order, (row, place) =>
      place > 0 && scores[order[place - 1] as number] === scores[row] ? 1 : 0,
    );
    return { order, isTied, isOwn: Uint8Array.from(order, (row) => (isOf(row, at) ? 1 : 0)) };
  });
  return (counts) => {
    let [sum, seen] = [0, 0];
    for (const { order, isTied, isOwn } of orders) {
      let [own, others, below, tiedOwn, tiedOthers] = [0, 0, 0, 0, 0];
      for (let place = 0; place < order.length; place += 1) {
        if (isTied[place] === 0) {
          below += tiedOwn * (others - tiedOthers / 2);
          tiedOwn = 0;
          tiedOthers = 0;
        }
        const count = counts[order[place] as number] as number;
        if (isOwn[place] === 1) {
          own += count;
          tiedOwn += count;
        } else {
          others += count;
          tiedOthers += count;
        }
      }
      below += tiedOwn * (others - tiedOthers / 2);
      if (own === 0 || others === 0) continue;
      sum += below / (own * others);
      seen += 1;
    }
    return seen === 0 ? Number.NaN : sum / seen;
  };
}
