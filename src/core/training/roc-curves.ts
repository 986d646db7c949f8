import type { Classified } from './classification-metrics.ts';

/**
 * The area under the curve of each class against all others, as the mean over those that some rows have and others have not; NaN where there is none. It is
 * how often a row of the class is held for more likely of it than one of another, even ones counting half.
 *
 * Source: Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", 1982.
 */
export function rocCurves({ labels, probabilities, classes }: Classified): (counts: Uint32Array) => number {
  // Rows are sorted once, and then counted along.
  const orders = Array.from({ length: classes }, (_class, at) => {
    const score = (row: number) => probabilities[row * classes + at] as number;
    const order = Uint32Array.from(labels.keys()).sort((a, b) => score(a) - score(b));
    const isTied = Array.from(order, (row, place) => place > 0 && score(order[place - 1] as number) === score(row));
    return { order, isTied };
  });
  return (counts) => {
    let [sum, seen] = [0, 0];
    for (const [at, { order, isTied }] of orders.entries()) {
      let [own, others, below, tiedOwn, tiedOthers] = [0, 0, 0, 0, 0];
      for (const [place, row] of order.entries()) {
        if (!isTied[place]) {
          below += tiedOwn * (others - tiedOthers / 2);
          [tiedOwn, tiedOthers] = [0, 0];
        }
        const count = counts[row] as number;
        if (labels[row] === at) {
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
