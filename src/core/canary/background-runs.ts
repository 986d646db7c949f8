import type { Clock } from '../../ports/clock.ts';
import type { Timers } from '../../ports/timers.ts';

export interface BackgroundOptions {
  readonly timers: Timers;
  readonly clock: Clock;
  /** Whether there are places for runs that nobody wants. */
  isQuiet(): boolean;
  /** Nothing runs before `drain` is called: the host stands still between requests. @default false */
  readonly isHeld?: boolean;
}

/** Work that nobody waits for. */
export interface BackgroundWork {
  /** Held in memory for it. */
  readonly bytes: number;
  /** Never rejects; `signal` aborts where it is to give way. */
  run(signal: AbortSignal): Promise<void>;
  /** It will not run. */
  drop(): void;
}

interface Waiting {
  readonly work: BackgroundWork;
  readonly sinceMs: number;
}

const mostWaiting = 32;
const mostBytes = 16 * 1024 * 1024;
/** Of one thread's time it takes no more than a fifth. */
const restRatio = 4;
const retryMs = 5;
const longestWaitMs = 1000;
const longestRunMs = 30_000;

/**
 * Runs of models beside those that callers wait for: one at a time, only while there is a place for another, for a
 * fifth of the time at most, and given up as soon as a caller waits for a place. What cannot run within a second is
 * dropped, as is what is one too many, or too large.
 */
export class BackgroundRuns {
  readonly #options: BackgroundOptions;
  readonly #waiting = new Set<Waiting>();
  #bytes = 0;
  #isBusy = false;
  #isAsked = false;
  #underWay: AbortController | undefined;

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Runs `work` soon, or drops it. */
  offer(work: BackgroundWork): void {
    if (this.#waiting.size >= mostWaiting || this.#bytes + work.bytes > mostBytes) {
      work.drop();
      return;
    }
    this.#bytes += work.bytes;
    this.#waiting.add({ work, sinceMs: this.#options.clock.now() });
    // The answer leaves first.
    if (!this.#options.isHeld) this.#ask(0);
  }

  /** Ends what is under way: a caller waits for its place. */
  giveWay(): void {
    this.#underWay?.abort();
  }

  /** Runs what waits, for `ms` milliseconds at most, where the host would else stand still. */
  async drain(ms: number): Promise<void> {
    const { clock, timers } = this.#options;
    const started = clock.now();
    const cancel = timers.after(ms, () => this.giveWay());
    for (const waiting of this.#waiting) {
      if (clock.now() - started >= ms) break;
      await this.#run(waiting);
    }
    cancel();
  }

  #ask(inMs: number): void {
    if (this.#isAsked || this.#isBusy) return;
    this.#isAsked = true;
    const next = () => {
      this.#isAsked = false;
      void this.#next();
    };
    if (inMs === 0) this.#options.timers.afterTurn(next);
    else this.#options.timers.after(inMs, next);
  }

  async #next(): Promise<void> {
    const { clock } = this.#options;
    for (const waiting of this.#waiting) {
      if (clock.now() - waiting.sinceMs <= longestWaitMs) break;
      this.#remove(waiting);
      waiting.work.drop();
    }
    const [first] = this.#waiting;
    if (!first) return;
    if (!this.#options.isQuiet()) {
      this.#ask(retryMs);
      return;
    }
    const started = clock.now();
    await this.#run(first);
    this.#ask(restRatio * (clock.now() - started));
  }

  async #run(waiting: Waiting): Promise<void> {
    this.#remove(waiting);
    this.#isBusy = true;
    this.#underWay = new AbortController();
    const cancel = this.#options.timers.after(longestRunMs, () => this.giveWay());
    await waiting.work.run(this.#underWay.signal);
    cancel();
    this.#underWay = undefined;
    this.#isBusy = false;
  }

  #remove(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    this.#bytes -= waiting.work.bytes;
  }
}
