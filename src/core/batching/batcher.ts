import type { Clock } from '../../ports/clock.ts';
import type { Run, Session, SessionOutput } from '../../ports/session.ts';
import type { Timers } from '../../ports/timers.ts';
import { totalBytes } from '../../protocol/total-bytes.ts';
import { commonRows } from '../common-rows.ts';
import { countRows } from '../count-rows.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import { releaseHeld } from '../release-held.ts';
import type { RunQueue, RunSource } from '../run-queue.ts';
import type { Batch } from './batch.ts';
import type { Released } from './batch-log.ts';
import { BatchRuns } from './batch-runs.ts';
import { isInTime } from './is-in-time.ts';
import { mostRows } from './most-rows.ts';
import { Padding } from './padding.ts';
import { RequestQueue } from './request-queue.ts';
import { type BatchLimits, takeBatch } from './take-batch.ts';
import type { WaitingRequest } from './waiting-request.ts';
import type { Watchdog } from './watchdog.ts';

/**
 * On a processor, a run that takes as long gains nothing more by being larger, and whoever comes next waits for its
 * end.
 */
const longEnoughMs = 150;
/** Beside runs that take as long, handing one over takes no time that counts. */
const longMs = 40;
/** Short runs that take more than this in all would hold up the event loop. */
const longestTurnMs = 2;

/**
 * Runs the requests for one version of a model; those that can share a run do, one's rows after another's.
 *
 * What arrives in one turn of the event loop is looked at together. Where it takes little time it runs then, on the
 * calling thread; else when its turn in the queue comes, with what has come by then, but for the share of the runs that
 * end next. Nobody waits for others where nothing of the model is under way, and a short request not for the turn to
 * end either, where the last turn had but one.
 */
export class Batcher implements RunSource {
  readonly #version: ModelVersion;
  readonly #turns: RunQueue;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #runs: BatchRuns;
  readonly #padding: Padding;
  readonly #waiting: RequestQueue;
  readonly #shortLimits: BatchLimits;
  #arrived: WaitingRequest[] = [];
  /** Requests of this turn of the event loop, and of the last one that had any. */
  #inTurn = 0;
  #inLastTurn = 0;
  #isHandingOn = false;
  #underWay = 0;
  /** Of the last run. */
  #lastBytes = 0;
  /** Of the run that ended in this turn: as many are likely to come again at once. */
  #answeredRows = 0;
  #cancelDelay: (() => void) | undefined;

  constructor(version: ModelVersion, turns: RunQueue, clock: Clock, timers: Timers, watchdog: Watchdog) {
    const { batching, queue } = version.config;
    this.#version = version;
    this.#turns = turns;
    this.#clock = clock;
    this.#timers = timers;
    this.#padding = new Padding(batching.padding);
    this.#runs = new BatchRuns(version, this.#padding, clock, timers, watchdog);
    const { preferredBatchSizes } = batching;
    const none = Number.POSITIVE_INFINITY;
    this.#shortLimits = {
      rows: mostRows(batching),
      fairRows: none,
      bytes: none,
      preferredRows: preferredBatchSizes,
    };
    this.#waiting = new RequestQueue(queue, Math.ceil(turns.maxWaiting / 2), timers);
  }

  get runsAtOnce(): number {
    const { maxRuns, maxLongRuns } = this.#turns;
    return Math.min(this.#version.config.runsAtOnce || (this.#areLong ? maxLongRuns : maxRuns), maxRuns);
  }

  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /**
   * The outputs of `run`. Rejects as the session does, with 503 where too many wait, with 504 where the deadline passed
   * or the caller left before the run had ended.
   */
  run(session: Session, run: Run, priority: number, context: InferenceContext): Promise<readonly SessionOutput[]> {
    const { cost, batching } = this.#version;
    const bytes = totalBytes(run.inputs);
    const rows = commonRows(run.inputs);
    const canShare = batching.isOn && rows > 0 && this.#padding.isSound(run, session);
    const isShort = session.runSync !== undefined && cost.isShort(bytes);
    const queuedMs = this.#clock.now();
    return new Promise((resolve, reject) => {
      const counted = canShare ? rows : countRows(this.#version.signature ?? session, run);
      const request = {
        session,
        run,
        context,
        rows: counted,
        bytes,
        isShort,
        priority,
        queuedMs,
        canShare,
        isRetry: false,
        ...(run.stays ? settleOnce(resolve, reject) : { resolve, reject }),
      };
      const isFirst = this.#arrives();
      // Where requests come one at a time there is nothing to wait for; whoever comes beside this one shares the next
      // run.
      if (isShort && (!canShare || (isFirst && this.#inLastTurn === 1))) {
        if (isInTime(request)) this.#runs.here({ requests: [request], rows: counted, bytes, closed: 'alone' });
      } else this.#arrived.push(request);
    });
  }

  /** Counts a request; true for the first in this turn. */
  #arrives(): boolean {
    this.#inTurn += 1;
    if (this.#inTurn > 1) return false;
    this.#timers.afterTurn(() => {
      this.#inLastTurn = this.#inTurn;
      this.#inTurn = 0;
      if (this.#arrived.length > 0) this.#handOn();
    });
    return true;
  }

  beginRun(ended: () => void): boolean {
    const batch = takeBatch(this.#waiting, this.#limits(), this.#padding);
    if (!batch) return false;
    const released = this.#whyNow(batch);
    if (!released) return false;
    this.#cancelDelay?.();
    for (const request of batch.requests) this.#waiting.remove(request);
    this.#runAway(batch, released, ended);
    return true;
  }

  #limits() {
    const { batching } = this.#version.config;
    const { maxBatchSize, maxQueueDelayMs, preferredBatchSizes } = batching;
    let rows = this.#answeredRows;
    for (const request of this.#waiting) rows += request.rows;
    // Whoever names sizes, or has requests wait for others, wants runs to be large.
    const isFair = preferredBatchSizes.length === 0 && maxQueueDelayMs === 0;
    return {
      rows: mostRows(batching),
      fairRows: isFair ? Math.ceil(rows / this.runsAtOnce) : Number.POSITIVE_INFINITY,
      bytes: maxBatchSize > 0 ? Number.POSITIVE_INFINITY : this.#longEnough(),
      preferredRows: preferredBatchSizes,
    };
  }

  /** Whether runs are long, by the last one. */
  get #areLong(): boolean {
    const bytes = this.#version.batchCost.bytesIn(longMs);
    return bytes > 0 && this.#lastBytes > bytes;
  }

  /** Bytes of a run that is long enough: of 1, 2, 4, 8 … rows like the first, as kernels take rows by such numbers. */
  #longEnough(): number {
    const [first] = this.#waiting;
    const rowBytes = first ? first.bytes / first.rows : 0;
    const most = this.#version.batchCost.bytesIn(longEnoughMs);
    return most > rowBytes && rowBytes > 0 ? rowBytes * 2 ** Math.floor(Math.log2(most / rowBytes)) : most;
  }

  /** Why a run may begin now; undefined where it waits for more requests. */
  #whyNow({ closed, requests }: Batch): Released | undefined {
    const { maxQueueDelayMs } = this.#version.config.batching;
    const [first] = requests as [WaitingRequest];
    if (first.isRetry) return 'retry';
    if (this.#underWay === 0) return this.#isHandingOn ? 'idle' : 'turn';
    if (maxQueueDelayMs === 0 || !first.canShare) return 'turn';
    if (closed === 'max-batch-size') return 'full';
    if (closed === 'preferred-size') return closed;
    const longestMs = Math.max(...requests.map(({ queuedMs }) => this.#clock.now() - queuedMs));
    if (longestMs >= maxQueueDelayMs) return 'delay-over';
    this.#cancelDelay?.();
    this.#cancelDelay = this.#timers.after(maxQueueDelayMs - longestMs, () => this.#turns.ask(this));
    return undefined;
  }

  /** Lets what arrived in this turn run. */
  #handOn(): void {
    const arrived = this.#arrived.filter(isInTime);
    this.#arrived = [];
    const shortBytes = arrived.reduce((sum, { isShort, bytes }) => sum + (isShort ? bytes : 0), 0);
    // Where nothing is known yet, each is known to be short.
    const mostBytes = this.#version.shortCost.bytesIn(longestTurnMs) || Number.POSITIVE_INFINITY;
    const areQuick = arrived.length === 1 || shortBytes <= mostBytes;
    const quick = new Set<WaitingRequest>();
    for (const request of arrived) {
      if (request.isShort && areQuick) {
        quick.add(request);
        continue;
      }
      // Nobody is refused while there are places to run.
      if (!this.#waiting.hasRoom(request)) this.#beginRuns();
      this.#waiting.add(request);
    }
    if (this.isWaiting) this.#beginRuns();
    while (quick.size > 0) {
      const batch = takeBatch(quick, this.#shortLimits, this.#padding) as Batch;
      for (const request of batch.requests) quick.delete(request);
      this.#runs.here(batch);
    }
  }

  #beginRuns(): void {
    this.#isHandingOn = true;
    this.#turns.ask(this);
    this.#isHandingOn = false;
  }

  #runAway(batch: Batch, released: Released, ended: () => void): void {
    this.#underWay += 1;
    this.#lastBytes = batch.bytes;
    const how = { released, leftWaiting: this.#waiting.size };
    const owner = {
      ended: () => {
        this.#underWay -= 1;
        this.#answeredRows = batch.rows;
        this.#timers.afterTurn(() => {
          this.#answeredRows = 0;
        });
        ended();
        // Those that waited for others do no longer where nothing is under way.
        if (this.isWaiting) this.#turns.ask(this);
      },
      takeApart: (requests: readonly WaitingRequest[]) => {
        this.#waiting.putBack(requests);
        this.#turns.ask(this);
      },
    };
    void this.#runs.away(batch, how, owner);
  }
}

/** A caller that was refused, as it left, has no use for what its run leaves on a device. */
function settleOnce(
  resolve: WaitingRequest['resolve'],
  reject: WaitingRequest['reject'],
): Pick<WaitingRequest, 'resolve' | 'reject'> {
  let isRefused = false;
  return {
    resolve: (outputs) => (isRefused ? releaseHeld(outputs) : resolve(outputs)),
    reject: (error) => {
      isRefused = true;
      reject(error);
    },
  };
}
