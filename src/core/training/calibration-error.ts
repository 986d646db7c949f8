const bins = 15;

/**
 * How far a model is from being right as often as it says: the difference between the two in 15 bins of equal width, by
 * how many rows are in each.
 *
 * Source: Guo et al., "On Calibration of Modern Neural Networks", 2017, equation 3.
 */
export function calibrationError(
  isRight: readonly boolean[],
  confidences: readonly number[],
): (counts: Uint32Array) => number {
  const places = confidences.map((confidence) => Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1)));
  return (counts) => {
    const gaps = new Float64Array(bins);
    let all = 0;
    for (const [row, place] of places.entries()) {
      const count = counts[row] as number;
      all += count;
      gaps[place] = (gaps[place] as number) + count * ((isRight[row] ? 1 : 0) - (confidences[row] as number));
    }
    return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / all;
  };
}
