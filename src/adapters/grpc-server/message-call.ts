import type { Metadata, ServerInterceptingCallInterface } from '@grpc/grpc-js';
import type { GrpcCall } from '../../grpc/grpc-call.ts';
import type { Caller } from '../../ports/caller.ts';
import { requestIdOf } from '../request-id.ts';
import { headersOf } from './headers-of.ts';

/** What every call of grpc-js is, of one message or a stream. */
type Call = Pick<ServerInterceptingCallInterface, 'getDeadline'> & { readonly metadata: Metadata };

/** One message of a call, as long as it is answered. */
export class MessageCall implements GrpcCall {
  readonly timeoutMs: number | undefined;
  caller?: Caller;
  asked?: GrpcCall['asked'];
  chosen?: NonNullable<GrpcCall['chosen']>;
  served?: NonNullable<GrpcCall['served']>;
  deprecation?: GrpcCall['deprecation'];
  readonly #metadata: Metadata;
  #requestId: string | undefined;
  #controller: AbortController | undefined;
  #hasLeft = false;

  constructor(call: Call) {
    const deadline = call.getDeadline();
    this.timeoutMs = deadline === Number.POSITIVE_INFINITY ? undefined : Number(deadline) - Date.now();
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

  /** The caller has gone, or cancelled the call. */
  leave(): void {
    this.#hasLeft = true;
    this.#controller?.abort();
  }
}
