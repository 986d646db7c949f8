import type { Metadata, ServerInterceptingCallInterface } from '@grpc/grpc-js';
import type { GrpcCall } from '../../grpc/grpc-call.ts';
import type { Caller } from '../../ports/caller.ts';
import { requestIdOf } from '../request-id.ts';
import { headersOf } from './headers-of.ts';

/** What every call of grpc-js is, of one message or a stream. */
type Call = Pick<ServerInterceptingCallInterface, 'getDeadline'> & { readonly metadata: Metadata };

/**
 * How long before its deadline a call may end for it to count as the deadline's end: the caller's own clock began earlier, and what it sends may be
 * rounded up by a hundredth.
 */
const earlyMs = 100;

/** One message of a call, as long as it is answered. */
export class MessageCall implements GrpcCall {
  readonly timeoutMs: number | undefined;
  caller?: Caller;
  asked?: GrpcCall['asked'];
  chosen?: NonNullable<GrpcCall['chosen']>;
  served?: NonNullable<GrpcCall['served']>;
  deprecation?: GrpcCall['deprecation'];
  readonly #metadata: Metadata;
  readonly #deadline: number;
  #requestId: string | undefined;
  #controller: AbortController | undefined;
  #hasLeft = false;
  #isCancelled = false;

  constructor(call: Call) {
    this.#deadline = Number(call.getDeadline());
    this.timeoutMs = this.#deadline === Number.POSITIVE_INFINITY ? undefined : this.#deadline - Date.now();
    this.#metadata = call.metadata;
  }

  /** The caller's own, or a new one; made once somebody wants it. */
  get requestId(): string {
    this.#requestId ??= requestIdOf(this.#metadata.get('x-request-id')[0]);
    return this.#requestId;
  }

  headers(): Readonly<Record<string, string>> {
    return headersOf(this.#metadata);
  }

  gone(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#hasLeft) this.#controller.abort();
    return this.#controller.signal;
  }

  /** It is answered: nobody is to hear any more when its caller goes. */
  end(): void {
    this.#controller = undefined;
  }

  /** The caller left before its deadline, where it had one. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** The caller has gone, or cancelled the call; or its deadline has passed. */
  leave(): void {
    this.#hasLeft = true;
    this.#isCancelled = this.#deadline - Date.now() > earlyMs + (this.timeoutMs ?? 0) / 100;
    this.#controller?.abort();
  }
}
