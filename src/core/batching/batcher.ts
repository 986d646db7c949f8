import type { Clock } from '../../ports/clock.ts';
import type { Run, Session, SessionOutput } from '../../ports/session.ts';
import type { Timers } from '../../ports/timers.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { tensorBytes } from '../../protocol/tensor-bytes.ts';
import { cancelledWait } from '../cancelled-wait.ts';
import { endedBy } from '../ended-by.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import type { RunQueue, RunSource } from '../run-queue.ts';
import { commonRows } from './common-rows.ts';
import { joinRequests } from './join-requests.ts';
import { runHere } from './run-here.ts';
import { shareOutputs } from './share-outputs.ts';
import { takeBatch } from './take-batch.ts';
import type { WaitingRequest } from './waiting-request.ts';

// More in one run would win little, and hold up whoever comes next.
const mostRows = 64;
const longestTurnMs = 2;
const longEnoughMs = 100;

/**
 * Runs the requests for one version of a model; those that can share a run do, one request's rows after another's.
 *
 * Nobody waits for others to come: what arrives in one turn of the event loop is looked at together, and begins at once where
 * it takes little time, on the calling thread, or where there is a place for it in the queue. What comes while runs are under
 * way is in the next. For versions alone whose rows are answered each for itself. Where a joined run fails, each
 * request has one of its own, so that one that is refused fails alone.
 */
export class Batcher implements RunSource {
  readonly #version: ModelVersion;
  readonly #queue: RunQueue;
  readonly #clock: Clock;
  readonly #timers: Timers;
  #session: Session | undefined;
  #arrived: WaitingRequest[] = [];
  #waiting = new Set<WaitingRequest>();
  /** What a byte of input takes on another thread; undefined until there was a run there. */
  #msPerByte: number | undefined;

  constructor(version: ModelVersion, queue: RunQueue, clock: Clock, timers: Timers) {
    this.#version = version;
    this.#queue = queue;
    this.#clock = clock;
    this.#timers = timers;
  }

  get runsAtOnce(): number {
    return this.#queue.maxRuns;
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /**
   * The outputs of `run`. Rejects as the session does, with 503 where too many wait, with 504 where the deadline passed or the
   * caller left before the run had ended.
   */
  run(session: Session, run: Run, context: InferenceContext): Promise<readonly SessionOutput[]> {
    const { cost, mixesRows } = this.#version;
    const bytes = run.inputs.reduce((sum, input) => sum + tensorBytes(input), 0);
    const isShort = session.runSync !== undefined && cost.isShort(bytes);
    const rows = commonRows(run.inputs);
    const canShare = mixesRows === '' && rows > 0;
    this.#session = session;
    return new Promise((resolve, reject) => {
      const request = { run, rows, bytes, isShort, canShare, context, queuedMs: this.#clock.now(), resolve, reject };
      if (isShort && !canShare) {
        if (isInTime(request)) this.#runHere([request]);
        return;
      }
      if (this.#arrived.length === 0) this.#timers.afterTurn(() => this.#handOn());
      this.#arrived.push(request);
    });
  }

  beginRun(): Promise<void> | undefined {
    let waitingRows = 0;
    for (const { rows } of this.#waiting) waitingRows += rows;
    // The rest is for the runs that end next.
    const rows = Math.min(mostRows, Math.ceil(waitingRows / this.runsAtOnce));
    const bytes = this.#msPerByte === undefined ? 0 : longEnoughMs / this.#msPerByte;
    const batch = takeBatch(this.#waiting, { rows, bytes });
    for (const request of batch) this.#waiting.delete(request);
    return batch.length > 0 ? this.#runAway(batch) : undefined;
  }

  /** Lets what arrived in this turn run. */
  #handOn(): void {
    const arrived = this.#arrived;
    this.#arrived = [];
    const shortBytes = arrived.reduce((sum, { isShort, bytes }) => sum + (isShort ? bytes : 0), 0);
    const areQuick = this.#version.cost.expectedMs(shortBytes) <= longestTurnMs;
    const quick = new Set<WaitingRequest>();
    for (const request of arrived) {
      if (request.isShort && areQuick) quick.add(request);
      else this.#enqueue(request);
    }
    if (this.isWaiting) this.#queue.ask(this);
    while (quick.size > 0) {
      const batch = takeBatch(quick, { rows: mostRows, bytes: Number.POSITIVE_INFINITY });
      for (const request of batch) quick.delete(request);
      this.#runHere(batch.filter(isInTime));
    }
  }

  #enqueue(request: WaitingRequest): void {
    const signal = request.context.signal();
    const { maxWaiting } = this.#queue;
    if (this.#waiting.size >= maxWaiting) {
      const message = `the server is busy: ${maxWaiting} requests wait already; try again later`;
      request.reject(new ServiceError(503, message, { retryAfterSeconds: 1 }));
      return;
    }
    const leave = () => {
      this.#waiting.delete(request);
      request.reject(endedBy(signal, cancelledWait()));
    };
    if (signal.aborted) {
      leave();
      return;
    }
    signal.addEventListener('abort', leave, { once: true });
    this.#waiting.add(request);
  }

  #runHere(batch: readonly WaitingRequest[]): void {
    if (batch.length === 0) return;
    const session = this.#session as Session;
    const startedMs = this.#clock.now();
    try {
      const { outputs, inferMs } = runHere(this.#version, session, joinRequests(batch), this.#clock);
      const [first, ...others] = batch as [WaitingRequest];
      // What several took together says little of one.
      if (others.length === 0) this.#version.cost.observe(first.bytes, inferMs);
      if (this.#answer(batch, outputs, startedMs, inferMs)) return;
    } catch (error) {
      if (batch.length === 1) {
        batch[0]?.reject(error);
        return;
      }
    }
    // Which of them it was shows by itself.
    for (const request of batch) this.#runHere([request]);
  }

  async #runAway(batch: readonly WaitingRequest[]): Promise<void> {
    const session = this.#session as Session;
    const startedMs = this.#clock.now();
    const ending = new AbortController();
    const endIfAllLeft = () => {
      if (batch.every(({ context }) => context.signal().aborted)) ending.abort();
    };
    for (const { context } of batch) context.signal().addEventListener('abort', endIfAllLeft, { once: true });
    try {
      const outputs = await session.run(joinRequests(batch), ending.signal);
      const inferMs = this.#clock.now() - startedMs;
      this.#version.statistics.executed();
      this.#learn(batch, inferMs);
      if (this.#answer(batch, outputs, startedMs, inferMs)) return;
    } catch (error) {
      if (batch.length === 1 || ending.signal.aborted) {
        for (const { context, reject } of batch) reject(endedBy(context.signal(), error));
        return;
      }
    }
    for (const request of batch) request.canShare = false;
    const stayed = batch.filter(({ context }) => !context.signal().aborted);
    this.#waiting = new Set([...stayed, ...this.#waiting]);
    this.#queue.ask(this);
  }

  #learn(batch: readonly WaitingRequest[], inferMs: number): void {
    const bytes = batch.reduce((sum, request) => sum + request.bytes, 0);
    const measured = inferMs / Math.max(1, bytes);
    this.#msPerByte ??= measured;
    this.#msPerByte += 0.2 * (measured - this.#msPerByte);
  }

  /** Whether each could be given its share. */
  #answer(
    batch: readonly WaitingRequest[],
    outputs: readonly SessionOutput[],
    startedMs: number,
    inferMs: number,
  ): boolean {
    const shares = shareOutputs(batch, outputs);
    if (!shares) return false;
    for (const [index, { context, queuedMs, resolve }] of batch.entries()) {
      context.times.queueMs = startedMs - queuedMs;
      context.times.inferMs = inferMs;
      resolve(shares[index] as readonly SessionOutput[]);
    }
    return true;
  }
}

function isInTime({ context, reject }: WaitingRequest): boolean {
  try {
    context.checkDeadline();
    return true;
  } catch (error) {
    reject(error);
    return false;
  }
}
