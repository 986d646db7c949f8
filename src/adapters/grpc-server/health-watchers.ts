import { type ServerWritableStream, status } from '@grpc/grpc-js';
import type { ServingStatus } from '../../grpc/health.ts';

interface Request {
  readonly service: string;
}

interface Response {
  readonly status: ServingStatus;
}

export type WatchCall = ServerWritableStream<Request, Response>;

/** How often it is looked whether a status changed that somebody watches. */
const lookMs = 500;
/** Each takes kilobytes for as long as it likes, and needs no key. */
const mostWatchers = 1000;
/** A name is kept as long as its call. */
const longestName = 256;

const full = {
  code: status.RESOURCE_EXHAUSTED,
  details: `${mostWatchers} calls watch the server's health already, as many as may: end some, or ask by Check instead`,
};
const tooLong = {
  code: status.INVALID_ARGUMENT,
  details: `service: a name of ${longestName} characters at most is expected`,
};

/** Those who watch a server's health: they hear of a change within half a second, until `closing` aborts. */
export class HealthWatchers {
  readonly #told = new Map<WatchCall, ServingStatus>();
  readonly #statusOf: (service: string) => ServingStatus;
  readonly #closing: AbortSignal;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(statusOf: (service: string) => ServingStatus, closing: AbortSignal) {
    this.#statusOf = statusOf;
    this.#closing = closing;
    closing.addEventListener('abort', () => this.#end());
  }

  /** Tells the caller how it is now, and of each change. */
  add(call: WatchCall): void {
    const { service } = call.request;
    if (service.length > longestName) return void call.emit('error', tooLong);
    if (this.#told.size >= mostWatchers) return void call.emit('error', full);
    const now = this.#statusOf(service);
    call.write({ status: now });
    // Whoever begins to watch then would hear of no end.
    if (this.#closing.aborted) return void call.end();
    this.#told.set(call, now);
    this.#timer ??= setInterval(() => this.#look(), lookMs);
    call.on('cancelled', () => this.#remove(call));
  }

  #look(): void {
    const found = new Map<string, ServingStatus>();
    for (const [call, told] of this.#told) {
      // It stays so.
      if (told === 'SERVICE_UNKNOWN') continue;
      const { service } = call.request;
      const now = found.get(service) ?? this.#statusOf(service);
      found.set(service, now);
      if (now === told) continue;
      this.#told.set(call, now);
      call.write({ status: now });
    }
  }

  #remove(call: WatchCall): void {
    this.#told.delete(call);
    if (this.#told.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #end(): void {
    this.#look();
    for (const call of this.#told.keys()) {
      this.#remove(call);
      call.end();
    }
  }
}
