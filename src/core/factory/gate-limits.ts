/** What the gate asks of a conversion. */
export const gateLimits = {
  /**
   * Of |answer − expected| / max(1, |expected|), where a conversion is to lose nothing: another order of sums stays far
   * below.
   */
  tolerance: 1e-3,
  /** The share of answers with the class that they had, where something may be lost. */
  agreement: 0.985,
  /** Points of accuracy that may be lost instead, where it is known which class is right. */
  lossPoints: 0.5,
  /** Of a vector with the one that it was, where there are no classes. */
  cosine: 0.95,
  /** Of |answer − expected| / max(1, |expected|), of numbers that are answers each for itself. */
  relative: 0.05,
  /** Median of a run by that of the source: what is less gained is not worth a version. */
  latencyRatio: 0.9,
};
