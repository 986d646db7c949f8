import type { ServerInterceptingCallInterface } from '@grpc/grpc-js';
import type { GrpcCall } from '../../grpc/grpc-call.ts';

/** One message of a call, as long as it is answered. */
export class MessageCall implements GrpcCall {
  readonly timeoutMs: number | undefined;
  #controller: AbortController | undefined;
  #hasLeft = false;

  constructor(call: Pick<ServerInterceptingCallInterface, 'getDeadline'>) {
    const deadline = call.getDeadline();
    this.timeoutMs = deadline === Number.POSITIVE_INFINITY ? undefined : Number(deadline) - Date.now();
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
