import { cancelledRequest } from '../../core/cancelled-request.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import type { Clock } from '../../ports/clock.ts';
import type { InferCall } from '../infer-call.ts';

/** Keeps a call's outcome for the statistics of its version: the first that is told counts, as the work ends. */
export class TextRecord {
  readonly #version: ModelVersion;
  readonly #call: InferCall;
  readonly #clock: Clock;
  #isTold = false;
  #begun = 0;

  constructor(version: ModelVersion, call: InferCall, clock: Clock) {
    this.#version = version;
    this.#call = call;
    this.#clock = clock;
  }

  /** The first token is awaited from now on. */
  begin(): void {
    this.#begun = this.#clock.now();
  }

  /** Takes the time since `begin` for that of the inference. */
  lap(): void {
    this.#call.times.inferMs = this.#clock.now() - this.#begun;
  }

  succeeded(texts: number): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.lap();
    this.#version.statistics.succeeded(this.#call.times, texts);
  }

  failed(error: unknown): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#version.statistics.failed(this.#clock.now() - this.#call.received, error);
  }

  /** Lets go of the call; one whose outcome was not told has lost its caller. */
  end(): void {
    this.failed(cancelledRequest());
    this.#call.end();
  }
}
