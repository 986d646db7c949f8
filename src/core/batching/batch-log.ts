import type { Closed } from './batch.ts';

/**
 * Why a run began when it did: it was short; nothing of the model was under way; its turn came; it was full or of a
 * preferred size; it had waited for others as long as it may; it was part of a run that failed.
 */
export type Released = 'short' | 'idle' | 'turn' | 'full' | 'preferred-size' | 'delay-over' | 'retry';

/** What became of a run: requests of a run that failed have one each, if there were several. */
export type RunOutcome = 'answered' | 'failed' | 'taken-apart';

/** A run, and the requests that shared it. */
export interface BatchEntry {
  /** Milliseconds since 1970. */
  readonly beganAt: number;
  readonly requests: number;
  readonly rows: number;
  /** How long the request that waited longest did. */
  readonly waitMs: number;
  readonly runMs: number;
  /** Requests that went on waiting. */
  readonly leftWaiting: number;
  readonly released: Released;
  readonly closed: Closed;
  readonly outcome: RunOutcome;
}

const most = 100;

/** The last runs of a version of a model. */
export class BatchLog {
  readonly #entries: BatchEntry[] = [];
  #next = 0;

  add(entry: BatchEntry): void {
    this.#entries[this.#next] = entry;
    this.#next = (this.#next + 1) % most;
  }

  /** The newest first. */
  newest(): readonly BatchEntry[] {
    const entries = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)];
    return entries.toReversed();
  }
}
