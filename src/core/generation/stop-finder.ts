import { beginningAtEnd } from './beginning-at-end.ts';

/** What may be given of a text by now. */
export interface FoundText {
  readonly text: string;
  /** A stop came: what there is of the text ends before it. */
  readonly isStopped: boolean;
}

/** Ends a text before the first of several stops. What may yet become one is held back. */
export class StopFinder {
  readonly #stops: readonly string[];
  #held = '';

  /** `stops`: none of them empty. */
  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  push(text: string): FoundText {
    const all = this.#held + text;
    const found = this.#stops.map((stop) => all.indexOf(stop)).filter((at) => at !== -1);
    if (found.length > 0) {
      this.#held = '';
      return { text: all.slice(0, Math.min(...found)), isStopped: true };
    }
    const kept = Math.max(0, ...this.#stops.map((stop) => beginningAtEnd(all, stop)));
    this.#held = all.slice(all.length - kept);
    return { text: all.slice(0, all.length - kept), isStopped: false };
  }

  /** What was held back, where no text comes any more. */
  end(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
