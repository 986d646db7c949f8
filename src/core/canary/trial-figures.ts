import type { AliasRelease } from './alias-release.ts';
import type { ComparisonRecord } from './comparison-record.ts';

/** What is to be told of a version that is on trial on this host. */
export interface TrialFigure {
  readonly model: string;
  readonly alias: string;
  readonly version: number;
  readonly role: 'canary' | 'shadow';
  /** Comparisons since it was last told, and how many of them found another answer. */
  readonly compared: number;
  readonly disagreed: number;
  /** The largest so far. */
  readonly difference: number;
  /** Of a canary that gets calls, or got them until this host found it worse. */
  readonly state?: {
    readonly percent: number;
    /** The largest e-value against it, as a part of what takes it back. */
    readonly evidence: number;
  };
}

/** Tells from time to time what is new of what is on trial: figures that add up over time and hosts. */
export class TrialFigures {
  readonly #told = new WeakMap<ComparisonRecord, { readonly compared: number; readonly agreed: number }>();

  /** Of those that have something to tell. */
  next(releases: readonly AliasRelease[]): readonly TrialFigure[] {
    return releases.flatMap((release) => {
      const { model, alias, target, trial, evidence, comparisons, shadowed, stopped } = release;
      const { canary, shadow } = target;
      const state = trial &&
        canary &&
        evidence && {
          percent: stopped === undefined ? canary.percent : 0,
          evidence: Math.max(evidence.errors, evidence.latency, evidence.answers) / evidence.bar,
        };
      return [
        ...(canary ? [{ role: 'canary' as const, version: canary.version, record: comparisons, state }] : []),
        ...(shadow ? [{ role: 'shadow' as const, version: shadow.version, record: shadowed, state: undefined }] : []),
      ]
        .map(({ role, version, record, state: now }) => ({
          ...{ model, alias, version, role, ...this.#since(record) },
          ...(now && { state: now }),
        }))
        .filter(({ compared, state: now }) => compared > 0 || now !== undefined);
    });
  }

  #since(record: ComparisonRecord): Pick<TrialFigure, 'compared' | 'disagreed' | 'difference'> {
    const { compared, agreed, largestDifference } = record;
    const told = this.#told.get(record) ?? { compared: 0, agreed: 0 };
    this.#told.set(record, { compared, agreed });
    const more = compared - told.compared;
    return { compared: more, disagreed: more - (agreed - told.agreed), difference: largestDifference };
  }
}
