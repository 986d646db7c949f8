import type { Clock } from '../ports/clock.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { ModelVersion } from './model-version.ts';

interface Failure {
  readonly count: number;
  readonly retryAt: number;
}

const firstPauseMs = 1000;
const longestPauseMs = 5 * 60_000;

/** Loads that failed: each is tried again after a pause, which doubles. */
export class LoadFailures {
  readonly #failures = new WeakMap<ModelVersion, Failure>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What a request is told while the pause of `version` lasts; undefined where it may be tried. */
  refusal(version: ModelVersion): ServiceError | undefined {
    const failure = this.#failures.get(version);
    return failure && this.#clock.now() < failure.retryAt ? this.#refuse(version, failure) : undefined;
  }

  /** Takes in that a load failed, once the version says why; gives what the request that waited for it is told. */
  add(version: ModelVersion, cause: unknown): ServiceError {
    const count = (this.#failures.get(version)?.count ?? 0) + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (count - 1));
    const failure = { count, retryAt: this.#clock.now() + pauseMs };
    this.#failures.set(version, failure);
    return this.#refuse(version, failure, cause);
  }

  /** Lets the next load be tried at once. */
  forget(version: ModelVersion): void {
    this.#failures.delete(version);
  }

  #refuse(version: ModelVersion, failure: Failure, cause?: unknown): ServiceError {
    const retryAfterSeconds = Math.max(1, Math.ceil((failure.retryAt - this.#clock.now()) / 1000));
    return new ServiceError(503, `${version.label} could not be loaded: ${version.reason}`, {
      retryAfterSeconds,
      cause,
    });
  }
}
