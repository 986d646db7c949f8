import type { CanaryRules } from '../../ports/canary-rules.ts';
import type { CanaryCounts } from './canary-counts.ts';
import { logEvidence } from './log-evidence.ts';

/** What is known against a canary. */
export interface CanaryJudgement {
  /**
   * Natural logarithms of e-values: that it fails more often, is slow more often, answers otherwise than is tolerated.
   */
  readonly evidence: { readonly errors: number; readonly latency: number; readonly answers: number };
  /** Which one of them is enough. */
  readonly bar: number;
  /** Why it is to go, in words; undefined where nothing is certain enough. */
  readonly reason?: string;
}

/**
 * Of calls that are slow, by what the stable version is measured by: how many times as many, and which part of all, may
 * be.
 */
const slowRatio = 1.5;
const slowShare = 0.1;

/**
 * Whether a canary is worse than the stable version, with `rules.confidence` for all looks at it together.
 *
 * Errors, and likewise slow calls, are looked at one by one: where each call is dealt out by chance and both versions
 * fail as often, the part p of the errors is the canary's, and where the canary fails r times as often p r / (p r + 1 -
 * p), however often that is and however it changes with time. It is worse where it has more of them than with the r
 * that is tolerated, and besides fails in more of its own calls than are tolerated whatever the stable version does:
 * each is an e-value, and the lesser of them one against "the one or the other is tolerable". Three questions are
 * asked, so each needs a third of what is left to chance (Bonferroni).
 *
 * @param share of the calls that the canary has, from 0 to 1
 */
export function judgeCanary(counts: CanaryCounts, share: number, rules: CanaryRules): CanaryJudgement {
  const { canary, stable, compared, disagreed } = counts;
  const { tolerated } = rules;
  const evidence = {
    errors: Math.min(
      logEvidence(canary.errors, canary.errors + stable.errors, partOf(share, tolerated.errorRatio)),
      logEvidence(canary.errors, canary.calls, tolerated.errorRate),
    ),
    latency: Math.min(
      logEvidence(canary.slow, canary.slow + stable.slow, partOf(share, slowRatio)),
      logEvidence(canary.slow, canary.timed, slowShare),
    ),
    answers: logEvidence(disagreed, compared, tolerated.disagreement),
  };
  const bar = Math.log(3 / (1 - rules.confidence));
  const reason = reasonOf(counts, evidence, bar, rules);
  return { evidence, bar, ...(reason !== undefined && { reason }) };
}

/**
 * The part of the errors that is the canary's where it has the part `share` of the calls, and fails `ratio` times as
 * often.
 */
function partOf(share: number, ratio: number): number {
  return (share * ratio) / (share * ratio + 1 - share);
}

function reasonOf(
  { canary, stable, compared, disagreed }: CanaryCounts,
  evidence: CanaryJudgement['evidence'],
  bar: number,
  { confidence, tolerated }: CanaryRules,
): string | undefined {
  const certain = `(confidence ${confidence})`;
  if (evidence.errors >= bar)
    return `${canary.errors} of ${canary.calls} calls failed, beside ${stable.errors} of ${stable.calls} of the stable version ${certain}`;
  if (evidence.answers >= bar)
    return `${disagreed} of ${compared} answers that were compared are not the stable version's ${certain}`;
  if (evidence.latency < bar) return undefined;
  const slow = `slower than ${tolerated.latencyRatio} times what 95 of 100 calls of the stable version take`;
  return `${canary.slow} of ${canary.timed} calls were ${slow}, beside ${stable.slow} of ${stable.timed} of its own ${certain}`;
}
