import type { Chosen } from '../../ports/served.ts';
import type { StageTimes } from '../model-statistics.ts';
import type { ModelVersion } from '../model-version.ts';
import type { AliasRelease } from './alias-release.ts';
import type { ComparableAnswer } from './comparable-answer.ts';

/** Of the two versions that a call could have gone to, the one that it went to. */
export type CanaryArm = 'canary' | 'stable';

/**
 * The version that answers a call, and what led there. What becomes of the call counts in its statistics once, as a
 * success or a failure.
 */
export class ChosenVersion {
  readonly version: ModelVersion;
  /** The alias by which it was asked for, or that calls without a version go by. */
  readonly alias: string | undefined;
  /** Undefined where it could have gone to no other version. */
  readonly arm: CanaryArm | undefined;
  readonly #release: AliasRelease | undefined;

  /** @param release that is to hear of the call */
  constructor(version: ModelVersion, alias?: string, arm?: CanaryArm, release?: AliasRelease) {
    this.version = version;
    this.alias = alias;
    this.arm = arm;
    this.#release = release;
  }

  /** Whether its answer may be compared with that of another version. */
  get isWatched(): boolean {
    return this.#release !== undefined;
  }

  /** What of the answer's record is about the version. */
  get served(): Chosen {
    const { version, alias, arm } = this;
    return {
      model: version.name,
      version: String(version.version),
      ...(alias !== undefined && { alias }),
      ...(arm === 'canary' && { isCanary: true }),
    };
  }

  /** The same call, where another version must answer it. */
  by(version: ModelVersion): ChosenVersion {
    return version === this.version ? this : new ChosenVersion(version, this.alias);
  }

  /** Records that it was answered. */
  succeeded(times: StageTimes, rows: number, answer?: ComparableAnswer): void {
    this.version.statistics.succeeded(times, rows);
    this.#release?.answered(this.arm, times, answer);
  }

  /** Records that it failed on `error`. */
  failed(ms: number, error: unknown): void {
    this.version.statistics.failed(ms, error);
    this.#release?.failed(this.arm, error);
  }

  /** That a text began, or could not: texts count in the statistics each by itself. */
  began(times: StageTimes): void {
    this.#release?.answered(this.arm, times);
  }

  neverBegan(error: unknown): void {
    this.#release?.failed(this.arm, error);
  }
}
