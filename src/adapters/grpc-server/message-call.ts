import type { Metadata, ServerInterceptingCallInterface } from '@grpc/grpc-js';
import type { GrpcCall } from '../../grpc/grpc-call.ts';
import type { Access, Authorize } from '../../ports/authorize.ts';

/** What grpc-js tells of a call. */
export interface CallFacts extends Pick<ServerInterceptingCallInterface, 'getDeadline'> {
  readonly metadata: Metadata;
}

/** One message of a call, as long as it is answered. */
export class MessageCall implements GrpcCall {
  readonly timeoutMs: number | undefined;
  #controller: AbortController | undefined;
  readonly #metadata: Metadata;
  readonly #authorize: Authorize | undefined;
  #hasLeft = false;
  #key: string | undefined;

  /** @param authorize undefined: all may pass */
  constructor(call: CallFacts, authorize?: Authorize) {
    this.#metadata = call.metadata;
    this.#authorize = authorize;
    const deadline = call.getDeadline();
    this.timeoutMs = deadline === Number.POSITIVE_INFINITY ? undefined : Number(deadline) - Date.now();
  }

  /** The name of the key by which the caller passed. */
  get key(): string | undefined {
    return this.#key;
  }

  admit(model: string | undefined, access: Access): void {
    if (!this.#authorize || access === 'open') return;
    // Of a name that is sent twice, the first counts.
    const headers = Object.entries(this.#metadata.getMap()).map(([name, value]) => [name, String(value)]);
    this.#key = this.#authorize(Object.fromEntries(headers), model, access);
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
