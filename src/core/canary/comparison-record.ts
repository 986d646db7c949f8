import type { AnswerComparison } from './compare-answers.ts';

/** What comparisons of a version's answers with those that callers got came to. */
export class ComparisonRecord {
  compared = 0;
  agreed = 0;
  labels = 0;
  labelFlips = 0;
  /** Of numbers; infinite where an answer had another shape, or no number where one was expected. */
  largestDifference = 0;
  /** Requests that the version did not answer. */
  failed = 0;
  /** Requests that it was not asked, as the host was busy. */
  dropped = 0;
  /** Milliseconds of all runs that callers waited for, and of the same requests' runs beside. */
  callersMs = 0;
  ownMs = 0;

  add(comparison: AnswerComparison, callersMs: number, ownMs: number): void {
    this.compared += 1;
    if (comparison.agrees) this.agreed += 1;
    this.labels += comparison.labels;
    this.labelFlips += comparison.labelFlips;
    this.largestDifference = Math.max(this.largestDifference, comparison.largestDifference);
    this.callersMs += callersMs;
    this.ownMs += ownMs;
  }

  /** As JSON, which has no infinite numbers: such a difference is `null`. */
  toJSON(): object {
    const { compared, agreed, labels, labelFlips, largestDifference, failed, dropped } = this;
    const mean = (ms: number) => (compared > 0 ? Math.round((1000 * ms) / compared) / 1000 : 0);
    return {
      compared,
      agreed,
      labels,
      label_flips: labelFlips,
      largest_difference: Number.isFinite(largestDifference) ? largestDifference : null,
      failed,
      dropped,
      mean_infer_ms: { callers: mean(this.callersMs), own: mean(this.ownMs) },
    };
  }
}
