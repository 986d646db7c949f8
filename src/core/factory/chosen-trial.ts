import type { CandidateTrial } from './candidate-trial.ts';
import { timeRatio } from './time-ratio.ts';

// Times of less than this apart are those of one speed.
const near = 1.05;

/**
 * Of the trials that the gate lets pass the quickest; of those about as quick, the smallest. Undefined where none
 * passes.
 */
export function chosenTrial(trials: readonly CandidateTrial[]): CandidateTrial | undefined {
  const passed = trials.filter(({ report }) => report.findings.length === 0);
  const ratioOf = ({ report }: CandidateTrial) => timeRatio(report) ?? 1;
  const quickest = Math.min(...passed.map(ratioOf));
  const quick = passed.filter((trial) => ratioOf(trial) <= quickest * near);
  return quick.toSorted((a, b) => a.bytes - b.bytes || ratioOf(a) - ratioOf(b))[0];
}
