import type { CanaryRules } from '../../ports/canary-rules.ts';
import type { AliasTarget, Canary } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Meant } from '../meant.ts';
import type { StageTimes } from '../model-statistics.ts';
import type { ModelVersion } from '../model-version.ts';
import type { BackgroundRuns } from './background-runs.ts';
import type { CallerIdentity } from './caller-identity.ts';
import type { CanaryCounts } from './canary-counts.ts';
import { CanaryTrial } from './canary-trial.ts';
import { type CanaryArm, ChosenVersion } from './chosen-version.ts';
import type { ComparableAnswer } from './comparable-answer.ts';
import { compareBeside } from './compare-beside.ts';
import { ComparisonRecord } from './comparison-record.ts';
import { evidenceOf } from './evidence-of.ts';
import { holdsNoNumber } from './holds-no-number.ts';
import type { CanaryJudgement } from './judge-canary.ts';
import { shareOf } from './share-of.ts';
import { sumCounts } from './sum-counts.ts';

/** What an alias's release needs of its host. */
export interface ReleaseParts {
  readonly background: BackgroundRuns;
  /** Loads a version beside the calls. */
  load(version: ModelVersion): void;
  /** A canary is to have no more calls, for a reason. */
  takeBack(release: AliasRelease, reason: string): void;
}

/** An alias some of whose calls go to a canary, or are answered by a shadow too, as this host has it. */
export class AliasRelease {
  readonly model: string;
  readonly alias: string;
  readonly target: AliasTarget;
  readonly trial: CanaryTrial | undefined;
  /** Of the canary's answers with the stable version's. */
  readonly comparisons: ComparisonRecord;
  /** Of the shadow's answers with those that callers got. */
  readonly shadowed: ComparisonRecord;
  readonly #parts: ReleaseParts;
  readonly #key: string;
  #meant: Meant;

  /** @param before what the alias was until now: of that, what does not concern what changed goes on */
  constructor(
    meant: Meant & { readonly alias: string; readonly target: AliasTarget },
    parts: ReleaseParts,
    before?: AliasRelease,
  ) {
    const { version, alias, target } = meant;
    this.model = version.name;
    this.alias = alias;
    this.target = target;
    this.#parts = parts;
    this.#meant = meant;
    this.#key = `${version.name}/${alias}/`;
    const { canary, shadow } = target;
    const held = before?.isHeldAgainst(version) ? before : undefined;
    const tried = isSame(held?.target.canary, canary) ? held : undefined;
    this.trial = tried?.trial ?? (canary?.percent ? new CanaryTrial(canary, version.config.canary) : undefined);
    this.comparisons = tried?.comparisons ?? new ComparisonRecord();
    // What its answers are like does not hang on how many are asked for.
    const shadowed = held?.target.shadow?.version === shadow?.version ? held : undefined;
    this.shadowed = shadowed?.shadowed ?? new ComparisonRecord();
  }

  /** Whether what is on trial is held against that version, by the rules that it has. */
  isHeldAgainst({ version, config }: ModelVersion): boolean {
    return this.target.version === version && isSame(this.rules, config.canary);
  }

  /** Why this host gives the canary no more calls, whatever the store says yet. */
  get stopped(): string | undefined {
    return this.trial?.stopped;
  }

  get canary(): Canary | undefined {
    return this.target.canary;
  }

  /** Of all hosts, as far as this one knows. */
  get counts(): CanaryCounts | undefined {
    return this.trial && sumCounts([this.trial.counts, ...this.trial.others]);
  }

  /** E-values against the canary, and what one of them must reach. */
  get evidence(): Readonly<Record<'errors' | 'latency' | 'answers' | 'bar', number>> | undefined {
    return this.trial && evidenceOf(this.trial.judge());
  }

  /** By which it is judged. */
  get rules(): CanaryRules {
    return this.#meant.version.config.canary;
  }

  /** The version that answers a call by the alias: the canary for its part of them, once it is loaded. */
  choose(meant: Meant, identity: CallerIdentity): ChosenVersion {
    this.#meant = meant;
    const { version, alias } = meant;
    const { canary } = this.target;
    const mayGo = this.trial !== undefined && this.stopped === undefined && canary !== undefined;
    const other = mayGo && this.#isThere(meant.canary) ? meant.canary : undefined;
    // Requests of a sequence stay with the version that began it: they are not dealt out one by one.
    const isOneByOne = version.config.sequence === undefined;
    if (!canary || !other)
      return new ChosenVersion(version, alias, undefined, isOneByOne && meant.shadow ? this : undefined);
    const isCanary = this.#place(canary, identity) < canary.percent / 100;
    const arm = isCanary ? 'canary' : 'stable';
    return new ChosenVersion(isCanary ? other : version, alias, arm, isOneByOne ? this : undefined);
  }

  #place({ sticky }: Canary, { caller, id }: CallerIdentity): number {
    if (sticky === undefined) return Math.random();
    return shareOf(this.#key + (sticky === 'key' ? (caller ?? id) : id));
  }

  /** Callers do not wait for a version that they did not ask for. */
  #isThere(version: ModelVersion | undefined): version is ModelVersion {
    if (!version?.ready) return false;
    if (!version.session) this.#parts.load(version);
    return version.session !== undefined;
  }

  /** Hears of a call that was answered. */
  answered(arm: CanaryArm | undefined, times: StageTimes, answer?: ComparableAnswer): void {
    const samples = answer?.sample();
    const isError = samples?.some(holdsNoNumber) ?? false;
    // What was kept from before says nothing of the version, and a load is not its pace.
    const ms = times.cache?.isHit ? undefined : times.inputMs + times.queueMs + times.inferMs + times.outputMs;
    this.#heard(arm, isError, ms);
    if (!answer?.again || !samples) return;
    const { version, shadow } = this.#meant;
    const { tolerance, comparePercent } = version.config.canary;
    const shared = { answer: { bytes: answer.bytes, again: answer.again }, samples, inferMs: times.inferMs, tolerance };
    if (arm === 'canary') {
      if (Math.random() * 100 >= comparePercent) return;
      compareBeside(this.#parts.background, {
        ...shared,
        other: version,
        isOtherRight: true,
        record: this.comparisons,
        heard: ({ agrees }) => this.#compared(agrees),
      });
      return;
    }
    const percent = this.target.shadow?.percent ?? 0;
    if (percent > 0 && Math.random() * 100 < percent && this.#isThere(shadow))
      compareBeside(this.#parts.background, { ...shared, other: shadow, isOtherRight: false, record: this.shadowed });
  }

  /** Hears of a call that failed. */
  failed(arm: CanaryArm | undefined, error: unknown): void {
    const isOurs = !(error instanceof ServiceError) || error.status >= 500;
    // What a caller does wrong it does wrong with either version, but where it stays with one of them.
    this.#heard(arm, isOurs || this.canary?.sticky !== 'key', undefined);
  }

  #heard(arm: CanaryArm | undefined, isError: boolean, ms: number | undefined): void {
    if (arm && this.trial?.heard({ isCanary: arm === 'canary', isError, ms })) this.judge();
  }

  #compared(agrees: boolean): void {
    if (this.trial?.compared(agrees)) this.judge();
  }

  /** Takes the canary back where it is worse by what all hosts know. */
  judge(): CanaryJudgement | undefined {
    const judgement = this.trial?.judge();
    if (judgement?.reason !== undefined && this.trial && this.stopped === undefined) {
      this.trial.stopped = judgement.reason;
      this.#parts.takeBack(this, judgement.reason);
    }
    return judgement;
  }
}

/** Whether two settings say the same. */
function isSame(one: object | undefined, other: object | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
