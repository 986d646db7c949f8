import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  ms = 0;

  now(): number {
    return this.ms;
  }
}
