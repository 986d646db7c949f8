import type { Clock } from '../../src/ports/clock.ts';
import type { Timers } from '../../src/ports/timers.ts';

interface Timer {
  readonly at: number;
  readonly work: () => void;
}

/** Time that stands still until a test moves it, and turns of the event loop that end when a test says so. */
export class FakeTime implements Clock, Timers {
  ms = 0;
  #turn: (() => void)[] = [];
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.ms;
  }

  afterTurn(work: () => void): void {
    this.#turn.push(work);
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.ms + ms, work };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Ends the turn, and lets what follows from that happen. */
  async turn(): Promise<void> {
    for (const work of this.#turn.splice(0)) work();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets `ms` milliseconds pass. */
  async pass(ms: number): Promise<void> {
    this.ms += ms;
    for (const timer of [...this.#timers].sort((one, other) => one.at - other.at)) {
      if (timer.at > this.ms || !this.#timers.delete(timer)) continue;
      timer.work();
    }
    await this.turn();
  }
}
