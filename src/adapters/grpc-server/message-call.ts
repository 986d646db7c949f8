import type { EventEmitter } from 'node:events';
import type { Metadata, ServerInterceptingCallInterface } from '@grpc/grpc-js';
import type { GrpcCall } from '../../grpc/grpc-call.ts';
import type { Caller } from '../../ports/caller.ts';
import { requestIdOf } from '../request-id.ts';
import type { UnansweredCalls } from '../unanswered-calls.ts';
import { headersOf } from './headers-of.ts';

/** What every call of grpc-js is, of one message or a stream. It emits `cancelled` also once it is answered. */
type Call = Pick<ServerInterceptingCallInterface, 'getDeadline'> &
  Pick<EventEmitter, 'once' | 'off'> & { readonly metadata: Metadata; readonly cancelled: boolean };

/**
 * How long before its deadline a call may end for it to count as the deadline's end: the caller's own clock began
 * earlier, and what it sends may be rounded up by a hundredth.
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
  readonly #call: Call;
  readonly #unanswered: UnansweredCalls | undefined;
  readonly #deadline: number;
  #requestId: string | undefined;
  #controller: AbortController | undefined;
  #isCancelled = false;

  /** @param unanswered aborts what is not answered just before that is cut */
  constructor(call: Call, unanswered?: UnansweredCalls) {
    this.#deadline = Number(call.getDeadline());
    this.timeoutMs = this.#deadline === Number.POSITIVE_INFINITY ? undefined : Math.max(0, this.#deadline - Date.now());
    this.#call = call;
    this.#unanswered = unanswered;
  }

  /** The caller's own, or a new one; made once somebody wants it. */
  get requestId(): string {
    this.#requestId ??= requestIdOf(this.#call.metadata.get('x-request-id')[0]);
    return this.#requestId;
  }

  headers(): Readonly<Record<string, string>> {
    return headersOf(this.#call.metadata);
  }

  /**
   * Aborts when the caller has gone, or cancelled the call; or its deadline has passed; or it is about to be cut. Listens
   * once it is asked for: most calls are answered before.
   */
  gone(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#call.cancelled) this.#leave();
      else this.#call.once('cancelled', this.#leave);
      this.#unanswered?.add(this.#controller);
    }
    return this.#controller.signal;
  }

  /** It is answered: nobody is to hear any more when its caller goes. */
  end(): void {
    if (!this.#controller) return;
    this.#call.off('cancelled', this.#leave);
    this.#unanswered?.remove(this.#controller);
    this.#controller = undefined;
  }

  /** The caller left before its deadline, where it had one. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  readonly #leave = () => {
    this.#isCancelled = this.#deadline - Date.now() > earlyMs + (this.timeoutMs ?? 0) / 100;
    this.#controller?.abort();
  };
}
