import type { Clock } from '../../ports/clock.ts';
import type { SessionOutput } from '../../ports/session.ts';
import type { Timers } from '../../ports/timers.ts';
import { cancelledRequest } from '../cancelled-request.ts';
import { endedBy } from '../ended-by.ts';
import type { ModelVersion } from '../model-version.ts';
import { RefusedFormError } from '../refused-form-error.ts';
import { releaseHeld } from '../release-held.ts';
import type { Batch } from './batch.ts';
import type { Released, RunOutcome } from './batch-log.ts';
import { joinRequests } from './join-requests.ts';
import type { Padding } from './padding.ts';
import { shareOutputs } from './share-outputs.ts';
import type { WaitingRequest } from './waiting-request.ts';
import { watchRun } from './watch-run.ts';
import type { Watchdog } from './watchdog.ts';

/** How a run came to begin. */
interface Beginning {
  readonly released: Released;
  /** Requests that went on waiting. */
  readonly leftWaiting: number;
}

/** A run under way. */
interface Begun extends Beginning {
  readonly batch: Batch;
  readonly beganMs: number;
}

/** Who a run is made for. */
interface RunOwner {
  /**
   * Called once: before callers are answered, as the processor of a run that ended is idle until the next one begins.
   */
  ended(): void;
  /** Gets the requests of a run that failed for several, each of which is to have its own. */
  takeApart(requests: readonly WaitingRequest[]): void;
}

/** Makes the runs of a version of a model, gives each request its share of the outputs, and keeps record. */
export class BatchRuns {
  readonly #version: ModelVersion;
  readonly #padding: Padding;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #watchdog: Watchdog;

  constructor(version: ModelVersion, padding: Padding, clock: Clock, timers: Timers, watchdog: Watchdog) {
    this.#version = version;
    this.#padding = padding;
    this.#clock = clock;
    this.#timers = timers;
    this.#watchdog = watchdog;
  }

  /** Runs on the calling thread; where that fails for several requests, for each by itself. */
  here(batch: Batch): void {
    const { requests } = batch;
    const begun: Begun = { batch, released: 'short', leftWaiting: 0, beganMs: this.#clock.now() };
    try {
      const run = joinRequests(requests, this.#padding);
      const joinedMs = this.#clock.now();
      const outputs = requests[0]?.session.runSync?.(run) ?? [];
      const ranMs = this.#clock.now();
      this.#version.shortCost.observe(batch.bytes, ranMs - joinedMs);
      // What several took together says little of one.
      if (requests.length === 1) this.#version.cost.observe(batch.bytes, ranMs - joinedMs);
      if (this.#share(begun, outputs, joinedMs, ranMs)) return;
    } catch (error) {
      this.#log(begun, requests.length === 1 ? 'failed' : 'taken-apart');
      if (requests.length === 1) {
        requests[0]?.reject(error);
        return;
      }
    }
    // Which of them it was shows by itself.
    for (const request of requests)
      this.here({ requests: [request], rows: request.rows, bytes: request.bytes, closed: 'alone' });
  }

  /**
   * Runs on another thread; the run is ended where all callers left, or it made no progress. Resolves once all callers
   * have their answers, and never rejects.
   */
  async away(batch: Batch, how: Beginning, owner: RunOwner): Promise<void> {
    const { requests } = batch;
    const begun: Begun = { batch, ...how, beganMs: this.#clock.now() };
    const ending = new AbortController();
    const leave = () => {
      for (const { context, reject } of requests) {
        if (context.signal().aborted) reject(endedBy(context.signal(), cancelledRequest()));
      }
      if (requests.every(({ context }) => context.signal().aborted)) ending.abort();
    };
    for (const { context } of requests) context.signal().addEventListener('abort', leave);
    let hasEnded = false;
    const end = () => {
      if (hasEnded) return;
      hasEnded = true;
      watch.end();
      owner.ended();
    };
    const fail = (error: unknown) => {
      // A form that was refused is no request's fault: each comes again, to another session.
      const isShared = requests.length > 1 && !ending.signal.aborted && !(error instanceof RefusedFormError);
      this.#log(begun, isShared ? 'taken-apart' : 'failed');
      if (isShared) owner.takeApart(requests);
      else for (const { context, reject } of requests) reject(endedBy(context.signal(), error));
    };
    const watch = watchRun(this.#version, this.#watchdog, this.#timers, (error) => {
      fail(error);
      ending.abort();
    });
    try {
      const run = joinRequests(requests, this.#padding);
      const joinedMs = this.#clock.now();
      const outputs = await (requests[0] as WaitingRequest).session.run(run, ending.signal);
      const ranMs = this.#clock.now();
      this.#version.batchCost.observe(batch.bytes, ranMs - joinedMs);
      end();
      if (watch.isGivenUp()) releaseHeld(outputs);
      else if (!this.#share(begun, outputs, joinedMs, ranMs)) owner.takeApart(requests);
    } catch (error) {
      if (!watch.isGivenUp()) fail(error);
    } finally {
      end();
      for (const { context } of requests) context.signal().removeEventListener('abort', leave);
    }
  }

  /** Whether each request could be given its share. */
  #share(begun: Begun, outputs: readonly SessionOutput[], joinedMs: number, ranMs: number): boolean {
    const { batch, beganMs } = begun;
    const { requests, rows } = batch;
    // Not from the end of the run: the next one has begun since then.
    const sharesMs = this.#clock.now();
    const shares = shareOutputs(requests, outputs, this.#padding);
    if (!shares) {
      this.#version.batching = { isOn: false, whyNot: 'an output had not a row for each of the inputs' };
      this.#log(begun, 'taken-apart');
      return false;
    }
    for (const [index, { context, queuedMs, resolve }] of requests.entries()) {
      context.times.queueMs = beganMs - queuedMs;
      context.times.inferMs = ranMs - beganMs;
      resolve(shares[index] as readonly SessionOutput[]);
    }
    const outputMs = this.#clock.now() - sharesMs;
    this.#version.statistics.executed(rows, { inputMs: joinedMs - beganMs, inferMs: ranMs - joinedMs, outputMs });
    this.#log(begun, 'answered');
    return true;
  }

  #log({ batch, released, leftWaiting, beganMs }: Begun, outcome: RunOutcome): void {
    const { requests, rows, closed } = batch;
    const nowMs = this.#clock.now();
    let longestMs = 0;
    for (const { queuedMs } of requests) longestMs = Math.max(longestMs, beganMs - queuedMs);
    this.#version.batches.add({
      beganAt: Date.now() - Math.round(nowMs - beganMs),
      requests: requests.length,
      rows,
      waitMs: longestMs,
      runMs: nowMs - beganMs,
      leftWaiting,
      released,
      closed,
      outcome,
    });
  }
}
