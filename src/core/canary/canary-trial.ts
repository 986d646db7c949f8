import type { CanaryRules } from '../../ports/canary-rules.ts';
import type { CanaryCounts } from './canary-counts.ts';
import { type CanaryJudgement, judgeCanary } from './judge-canary.ts';
import { SlowBound } from './slow-bound.ts';
import { sumCounts } from './sum-counts.ts';

/** How calls are dealt out to a canary. */
export interface CanaryTerms {
  /** Of 100 calls, how many it has. */
  readonly percent: number;
  /** What a call is known by, where those of a kind stay together. */
  readonly sticky?: 'key' | 'id';
}

/** How a call went. */
export interface CallOutcome {
  readonly isCanary: boolean;
  /** It failed where callers are not the cause, or its answer cannot be right. */
  readonly isError: boolean;
  /** Milliseconds; undefined where it is not to be timed. */
  readonly ms?: number | undefined;
}

// A version that was just loaded takes its time for the first ones.
const untimed = 10;

/** What becomes of an alias's calls while a part of them goes to another version, as this host sees it. */
export class CanaryTrial {
  /** Why this host gives the canary no more calls. */
  stopped: string | undefined;
  /** Counts of other hosts, as they were last read. */
  others: readonly CanaryCounts[] = [];
  readonly #terms: CanaryTerms;
  readonly #rules: CanaryRules;
  readonly #slow: SlowBound;
  readonly #arms = { canary: new Arm(), stable: new Arm() };
  #compared = 0;
  #disagreed = 0;

  constructor(terms: CanaryTerms, rules: CanaryRules) {
    this.#terms = terms;
    this.#rules = rules;
    this.#slow = new SlowBound(rules.tolerated.latencyRatio);
  }

  get counts(): CanaryCounts {
    const { canary, stable } = this.#arms;
    return {
      canary: canary.counts,
      stable: stable.counts,
      compared: this.#compared,
      disagreed: this.#disagreed,
    };
  }

  /** Takes in a call that either version could have had; whether there is more against the canary by now. */
  heard({ isCanary, isError, ms }: CallOutcome): boolean {
    const arm = isCanary ? this.#arms.canary : this.#arms.stable;
    arm.calls += 1;
    if (isError) arm.errors += 1;
    const isSlow = ms !== undefined && !isError && this.#time(arm, ms);
    if (!isCanary && ms !== undefined && !isError && arm.calls > untimed) this.#slow.add(ms);
    return isCanary && (isError || isSlow);
  }

  #time(arm: Arm, ms: number): boolean {
    const bound = this.#slow.ms;
    if (bound === undefined || arm.calls <= untimed) return false;
    arm.timed += 1;
    if (ms <= bound) return false;
    arm.slow += 1;
    return true;
  }

  /**
   * Takes in a comparison of an answer of the canary with the stable version's; whether there is more against the
   * canary by now.
   */
  compared(agrees: boolean): boolean {
    this.#compared += 1;
    if (!agrees) this.#disagreed += 1;
    return !agrees;
  }

  /** What all hosts know of it together. */
  judge(): CanaryJudgement {
    const counts = sumCounts([this.counts, ...this.others]);
    const { sticky, percent } = this.#terms;
    const calls = counts.canary.calls + counts.stable.calls;
    // Of callers that stay, some call more often than others: the part of the calls is what it turned out to be.
    const share = sticky === 'key' ? (counts.canary.calls + 1) / (calls + 2) : percent / 100;
    return judgeCanary(counts, share, this.#rules);
  }
}

class Arm {
  calls = 0;
  errors = 0;
  timed = 0;
  slow = 0;

  get counts() {
    const { calls, errors, timed, slow } = this;
    return { calls, errors, timed, slow };
  }
}
