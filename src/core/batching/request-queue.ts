import type { QueueConfig, QueuePolicy } from '../../ports/model-store.ts';
import type { Timers } from '../../ports/timers.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { cancelledRequest } from '../cancelled-request.ts';
import { endedBy } from '../ended-by.ts';
import type { WaitingRequest } from './waiting-request.ts';

interface Place {
  set: Set<WaitingRequest>;
  cancelTimeout?: () => void;
  /** What the request's signal does while it waits. */
  leave(): void;
}

/** Requests of a model that wait for a run: by priority, and in the order they came. */
export class RequestQueue implements Iterable<WaitingRequest> {
  readonly #config: QueueConfig;
  readonly #mostByDefault: number;
  readonly #timers: Timers;
  readonly #places = new Map<WaitingRequest, Place>();
  /** Those of a run that failed; then of each priority those in time, and those that are delayed. */
  readonly #sets: readonly Set<WaitingRequest>[];

  constructor(config: QueueConfig, mostByDefault: number, timers: Timers) {
    this.#config = config;
    this.#mostByDefault = mostByDefault;
    this.#timers = timers;
    const sets = 1 + 2 * Math.max(1, config.priorityLevels);
    this.#sets = Array.from({ length: sets }, () => new Set<WaitingRequest>());
  }

  get size(): number {
    return this.#places.size;
  }

  *[Symbol.iterator](): Iterator<WaitingRequest> {
    for (const set of this.#sets) yield* set;
  }

  /** Whether a request may wait. */
  hasRoom({ priority }: WaitingRequest): boolean {
    const [inTime, delayed] = this.#setsOf(priority);
    return inTime.size + delayed.size < this.#most(priority);
  }

  /** Takes in a request, and rejects it where there is no room, and once it waited too long or its signal aborts. */
  add(request: WaitingRequest): void {
    const { priority } = request;
    if (!this.hasRoom(request)) {
      request.reject(refusal(`${this.#most(priority)} requests wait for the model already`));
      return;
    }
    const [inTime] = this.#setsOf(priority);
    const place = this.#enter(request, inTime);
    const policy = this.#policyOf(priority);
    if (place && policy.timeoutMs > 0) {
      place.cancelTimeout = this.#timers.after(policy.timeoutMs, () => this.#timedOut(request, place, policy));
    }
  }

  remove(request: WaitingRequest): void {
    const place = this.#places.get(request);
    if (!place) return;
    place.cancelTimeout?.();
    request.context.signal().removeEventListener('abort', place.leave);
    place.set.delete(request);
    this.#places.delete(request);
  }

  /**
   * Takes requests of a run that failed in again, each for a run of its own: they are first, as they waited already.
   */
  putBack(requests: readonly WaitingRequest[]): void {
    for (const request of requests) {
      request.canShare = false;
      request.isRetry = true;
      this.#enter(request, this.#sets[0] as Set<WaitingRequest>);
    }
  }

  /** Its place; undefined where it left already. */
  #enter(request: WaitingRequest, set: Set<WaitingRequest>): Place | undefined {
    const signal = request.context.signal();
    const leave = () => {
      this.remove(request);
      request.reject(endedBy(signal, cancelledRequest()));
    };
    if (signal.aborted) {
      leave();
      return undefined;
    }
    const place: Place = { set, leave };
    signal.addEventListener('abort', leave, { once: true });
    set.add(request);
    this.#places.set(request, place);
    return place;
  }

  #policyOf(priority: number): QueuePolicy {
    return { ...this.#config, ...this.#config.priorities[priority] };
  }

  #most(priority: number): number {
    return this.#policyOf(priority).maxSize || this.#mostByDefault;
  }

  #setsOf(priority: number): [inTime: Set<WaitingRequest>, delayed: Set<WaitingRequest>] {
    const at = 2 * priority - 1;
    return [this.#sets[at], this.#sets[at + 1]] as [Set<WaitingRequest>, Set<WaitingRequest>];
  }

  #timedOut(request: WaitingRequest, place: Place, { timeoutMs, timeoutAction }: QueuePolicy): void {
    if (timeoutAction === 'reject') {
      this.remove(request);
      request.reject(refusal(`the request waited ${timeoutMs} ms, which the model's queue.timeoutMs allows`));
      return;
    }
    const [, delayed] = this.#setsOf(request.priority);
    place.set.delete(request);
    place.set = delayed;
    delayed.add(request);
  }
}

function refusal(reason: string): ServiceError {
  return new ServiceError(503, `the server is busy: ${reason}; try again later`, { retryAfterSeconds: 1 });
}
