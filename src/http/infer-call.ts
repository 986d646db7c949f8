import type { InferenceContext } from '../core/inference-context.ts';
import type { StageTimes } from '../core/model-statistics.ts';
import type { Clock } from '../ports/clock.ts';
import type { InferenceRequest } from '../protocol/inference.ts';
import { notInJson } from '../protocol/not-in-json.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import type { HttpRequest } from './http-message.ts';
import { type RequestTimeout, requestTimeout } from './request-timeout.ts';

// Timers hold 31 bits of milliseconds.
const longestTimeoutMs = 24 * 3600 * 1000;

/**
 * One infer request on its way: its deadline, which counts from when it was received, its caller, and the form of its answer.
 *
 * To be ended however it went. No timer and no signal is set up until the signal is asked for.
 */
export class InferCall implements InferenceContext {
  readonly times: StageTimes = { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
  readonly received: number;
  readonly #request: HttpRequest;
  readonly #clock: Clock;
  #outputs: InferenceRequest['outputs'];
  #isBinary = false;
  #isLinked = false;
  #hasLinks = false;
  #timeout: RequestTimeout | undefined;
  #signal: AbortSignal | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(request: HttpRequest, clock: Clock) {
    this.received = clock.now();
    this.#request = request;
    this.#clock = clock;
  }

  /** Takes in what a request says of its deadline and its answer; `isRaw`: its body has no JSON. Throws 400 for a timeout that is none. */
  begin({ parameters, outputs }: InferenceRequest, isRaw: boolean): void {
    this.#timeout = requestTimeout(this.#request.headers, parameters);
    this.#outputs = outputs;
    this.#isBinary = isRaw || parameters.binary_data_output === true;
    this.#isLinked = parameters.content_link_output === true;
    this.#hasLinks = this.#isLinked || outputs?.some((output) => output.parameters.content_link === true) === true;
  }

  checkDeadline(): void {
    if (this.#timeout && this.#leftMs(this.#timeout) <= 0) throw deadlinePassed(this.#timeout);
  }

  signal(): AbortSignal {
    this.#signal ??= this.#makeSignal();
    return this.#signal;
  }

  checkOutput({ name, datatype }: TensorSpec): void {
    if ((datatype === 'FP16' || datatype === 'BF16') && !this.isBinary(name) && !this.isLinked(name))
      throw notInJson(name, datatype);
  }

  /** Whether an output goes behind the JSON, as bytes. */
  isBinary(output: string): boolean {
    const asked = this.#outputs?.find(({ name }) => name === output)?.parameters.binary_data;
    return asked === undefined ? this.#isBinary : asked === true;
  }

  /** Whether any output may have to be given as a link. */
  get hasLinks(): boolean {
    return this.#hasLinks;
  }

  /** Whether an output is given as a link, whatever else is asked of its form. */
  isLinked(output: string): boolean {
    const asked = this.#outputs?.find(({ name }) => name === output)?.parameters.content_link;
    return asked === undefined ? this.#isLinked : asked === true;
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #leftMs({ ms }: RequestTimeout): number {
    return this.received + ms - this.#clock.now();
  }

  #makeSignal(): AbortSignal {
    const gone = this.#request.gone();
    const timeout = this.#timeout;
    if (!timeout || timeout.ms > longestTimeoutMs) return gone;
    const controller = new AbortController();
    const leftMs = this.#leftMs(timeout);
    if (gone.aborted) controller.abort(gone.reason);
    else if (leftMs <= 0) controller.abort(deadlinePassed(timeout));
    else {
      gone.addEventListener('abort', () => controller.abort(gone.reason), { once: true });
      this.#timer = setTimeout(() => controller.abort(deadlinePassed(timeout)), leftMs);
    }
    return controller.signal;
  }
}

function deadlinePassed({ ms, source }: RequestTimeout): ServiceError {
  return new ServiceError(504, `the deadline of ${ms} ms (${source}) passed before the request was answered`);
}
