import { setTimeout as pause } from 'node:timers/promises';
import type { CallRecords } from '../src/adapters/open-call-records.ts';
import type { AnsweredCall } from '../src/ports/answered-call.ts';
import type { Clock } from '../src/ports/clock.ts';

export interface InvocationRecordsOptions {
  /** Milliseconds between two times that usage is written. */
  readonly usageEveryMs: number;
  /** How long an invocation waits for what is written; it goes on in the next one. */
  readonly patienceMs: number;
}

/**
 * Writes records of calls within the invocations of a function, as nothing happens between them: lines of the audit log
 * with each call that has some, usage from time to time.
 */
export class InvocationRecords {
  readonly #records: CallRecords;
  readonly #clock: Clock;
  readonly #options: InvocationRecordsOptions;
  #writtenAtMs = Number.NEGATIVE_INFINITY;

  constructor(records: CallRecords, clock: Clock, options: InvocationRecordsOptions) {
    this.#records = records;
    this.#clock = clock;
    this.#options = options;
  }

  /** Takes in a call, and writes what it is time for. Never rejects. */
  async answered(call: AnsweredCall): Promise<void> {
    const { usageEveryMs, patienceMs } = this.#options;
    this.#records.onCall(call);
    const nowMs = this.#clock.now();
    if (this.#records.waiting === 0 && nowMs - this.#writtenAtMs < usageEveryMs) return;
    this.#writtenAtMs = nowMs;
    await Promise.race([this.#records.flush(), pause(patienceMs, undefined, { ref: false })]);
  }
}
