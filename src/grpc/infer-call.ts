import type { InferenceContext } from '../core/inference-context.ts';
import { noTimes } from '../core/no-times.ts';
import { RequestDeadline } from '../core/request-deadline.ts';
import { timeoutParameter } from '../core/timeout-parameter.ts';
import type { Clock } from '../ports/clock.ts';
import type { ServedTokens } from '../ports/served.ts';
import { checkFlag } from '../protocol/check-flag.ts';
import type { Parameters } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import type { GrpcCall } from './grpc-call.ts';

/** One infer request on its way: its deadline, and the form of its answer. To be ended however it went. */
export class InferCall implements InferenceContext {
  readonly times = noTimes();
  readonly caller: string | undefined;
  tokens?: ServedTokens;
  readonly #deadline: RequestDeadline;
  #isTyped = false;

  constructor(call: GrpcCall, clock: Clock) {
    this.caller = call.caller?.name;
    this.#deadline = new RequestDeadline(clock, () => call.gone());
    if (call.timeoutMs !== undefined) this.#deadline.limit({ ms: call.timeoutMs, source: "the call's deadline" });
  }

  /** When it was received, by the clock. */
  get received(): number {
    return this.#deadline.received;
  }

  /** Whether the answer's tensors are typed contents, as the parameter `binary_data_output: false` asks for. */
  get isTyped(): boolean {
    return this.#isTyped;
  }

  /** Takes in what a request says of its deadline and its answer. Throws 400 for parameters that are none. */
  begin(parameters: Parameters): void {
    this.#deadline.limit(timeoutParameter(parameters));
    checkFlag('', parameters, 'binary_data_output');
    this.#isTyped = parameters.binary_data_output === false;
  }

  checkDeadline(): void {
    this.#deadline.check();
  }

  signal(): AbortSignal {
    return this.#deadline.signal();
  }

  checkOutput({ name, datatype }: TensorSpec): void {
    if (this.#isTyped && (datatype === 'FP16' || datatype === 'BF16')) {
      throw new ServiceError(
        400,
        `output '${name}' is ${datatype}, which has no typed contents; ask for raw ones, without binary_data_output: false`,
      );
    }
  }

  end(): void {
    this.#deadline.end();
  }
}
