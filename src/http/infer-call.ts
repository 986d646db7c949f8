import type { InferenceContext } from '../core/inference-context.ts';
import { noTimes } from '../core/no-times.ts';
import { RequestDeadline } from '../core/request-deadline.ts';
import { timeoutParameter } from '../core/timeout-parameter.ts';
import type { Clock } from '../ports/clock.ts';
import type { ServedTokens } from '../ports/served.ts';
import type { InferenceRequest } from '../protocol/inference.ts';
import { notInJson } from '../protocol/not-in-json.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import type { HttpRequest } from './http-message.ts';
import { timeoutHeader } from './timeout-header.ts';

/** One infer request on its way: its deadline, and the form of its answer. To be ended however it went. */
export class InferCall implements InferenceContext {
  readonly times = noTimes();
  tokens?: ServedTokens;
  readonly #request: HttpRequest;
  readonly #deadline: RequestDeadline;
  #outputs: InferenceRequest['outputs'];
  #isBinary = false;
  #isLinked = false;
  #hasLinks = false;

  constructor(request: HttpRequest, clock: Clock) {
    this.#request = request;
    this.#deadline = new RequestDeadline(clock, request.gone);
  }

  get caller(): string | undefined {
    return this.#request.caller?.name;
  }

  /** When it was received, by the clock. */
  get received(): number {
    return this.#deadline.received;
  }

  /**
   * Takes in what a request says of its deadline and its answer; `isRaw`: its body has no JSON. Throws 400 for a
   * timeout that is none.
   */
  begin({ parameters, outputs }: InferenceRequest, isRaw: boolean): void {
    this.#deadline.limit(timeoutHeader(this.#request.headers));
    this.#deadline.limit(timeoutParameter(parameters));
    this.#outputs = outputs;
    this.#isBinary = isRaw || parameters.binary_data_output === true;
    this.#isLinked = parameters.content_link_output === true;
    this.#hasLinks = this.#isLinked || outputs?.some((output) => output.parameters.content_link === true) === true;
  }

  checkDeadline(): void {
    this.#deadline.check();
  }

  signal(): AbortSignal {
    return this.#deadline.signal();
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
    this.#deadline.end();
  }
}
