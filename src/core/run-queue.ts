import { ServiceError } from '../protocol/service-error.ts';
import { cancelledRequest } from './cancelled-request.ts';

/** What has runs to begin. */
export interface RunSource {
  /** How many of its runs may be under way at once. */
  readonly runsAtOnce: number;
  /** Whether there is more to run. */
  readonly isWaiting: boolean;
  /** Begins its next run, where it has one, and tells whether. `ended` is to be called once, when that has ended. */
  beginRun(ended: () => void): boolean;
}

/**
 * Bounds how many runs are under way at once, and shares them out: of those that wait, the source with the fewest under
 * way is next, and sources with as many take turns, however much each has to run.
 */
export class RunQueue {
  // In the order of their turns: a Set keeps that of insertion.
  readonly #waiting = new Set<RunSource>();
  readonly #underWay = new Map<RunSource, number>();
  readonly maxRuns: number;
  readonly maxWaiting: number;
  /**
   * How many long runs of one source may be under way at once: more than there are processors for only slow each other
   * down.
   */
  readonly maxLongRuns: number;
  #running = 0;
  /** Called when a source waits for a place. */
  onWaiting: (() => void) | undefined;

  constructor(maxRuns: number, maxWaiting: number, maxLongRuns = maxRuns) {
    this.maxRuns = maxRuns;
    this.maxWaiting = maxWaiting;
    this.maxLongRuns = maxLongRuns;
  }

  /** Lets `source` begin runs, now or as its turns come, until it has none. */
  ask(source: RunSource): void {
    this.#waiting.add(source);
    this.#serve();
    if (this.#running >= this.maxRuns && this.#waiting.size > 0) this.onWaiting?.();
  }

  /** Whether another run could begin at once. */
  get isFree(): boolean {
    return this.#running < this.maxRuns && this.#waiting.size === 0;
  }

  /** Runs `work` when its turn comes. Rejects with 503 where too many wait, 504 where `signal` aborts first. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw cancelledRequest();
    if (this.#running >= this.maxRuns && this.#waiting.size >= this.maxWaiting) {
      const message = `the server is busy: ${this.maxWaiting} requests wait already; try again later`;
      throw new ServiceError(503, message, { retryAfterSeconds: 1 });
    }
    return new Promise((resolve, reject) => {
      const beginRun = (ended: () => void) => {
        source.isWaiting = false;
        signal?.removeEventListener('abort', abandon);
        void work().then(resolve, reject).then(ended);
        return true;
      };
      const source = { runsAtOnce: 1, isWaiting: true, beginRun };
      const abandon = () => {
        this.#waiting.delete(source);
        reject(cancelledRequest());
      };
      signal?.addEventListener('abort', abandon, { once: true });
      this.ask(source);
    });
  }

  #serve(): void {
    while (this.#running < this.maxRuns) {
      const source = this.#next();
      if (!source) return;
      this.#waiting.delete(source);
      this.#running += 1;
      this.#underWay.set(source, this.#runsOf(source) + 1);
      if (!source.beginRun(() => this.#ended(source))) this.#leave(source);
      else if (source.isWaiting) this.#waiting.add(source);
    }
  }

  /**
   * Of those that may begin one, the source with the fewest runs under way; of several, the one whose last turn is
   * longest ago.
   */
  #next(): RunSource | undefined {
    let best: RunSource | undefined;
    for (const source of this.#waiting) {
      const runs = this.#runsOf(source);
      if (runs >= source.runsAtOnce || (best && runs >= this.#runsOf(best))) continue;
      best = source;
      if (runs === 0) break;
    }
    return best;
  }

  #runsOf(source: RunSource): number {
    return this.#underWay.get(source) ?? 0;
  }

  #ended(source: RunSource): void {
    this.#leave(source);
    this.#serve();
  }

  #leave(source: RunSource): void {
    const runs = this.#runsOf(source) - 1;
    if (runs === 0) this.#underWay.delete(source);
    else this.#underWay.set(source, runs);
    this.#running -= 1;
  }
}
