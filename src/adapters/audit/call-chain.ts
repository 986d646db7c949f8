import { SharedWork } from '../../core/shared-work.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { ServiceLog } from '../service-log.ts';
import { chainLine } from './chain-line.ts';
import { chainStart } from './chain-start.ts';
import { type Segment, writeSegment } from './write-segment.ts';

export interface CallChainOptions {
  /** The files of `.audit`. */
  readonly store: ObjectStore;
  /** Unlike that of any other process. */
  readonly host: string;
  readonly log: ServiceLog;
  readonly now: () => Date;
  /** Bytes of lines that wait to be written; what comes beyond them is lost, and counted. */
  readonly mostBytes: number;
}

/**
 * Well below what is stored in parts: the parts of an object cannot be told to be new, as the bucket's policy asks of
 * lines.
 */
const mostSegmentBytes = 2 * 1024 ** 2;

/**
 * The chain of one host process: lines in segments, `calls/<day>/<host>/<number>.jsonl`, numbered from 1 on without a
 * gap, also past the end of a day. Each line carries the hash of the one before, and a number of its own.
 *
 * Lines wait in memory until `flush` writes them. Where that cannot be they go on waiting, and what does not fit any
 * more is lost: the log says so at once, and the chain itself how many once there is room.
 */
export class CallChain {
  readonly #options: CallChainOptions;
  #previous = chainStart;
  #lines = 0;
  #segments = 0;
  /** Still growing is the last of them. */
  #waiting: { segment: Segment; isClosed: boolean; bytes: number }[] = [];
  #bytes = 0;
  #unwritten = 0;
  #lost = 0;
  readonly #writing = new SharedWork(() => this.#write());

  constructor(options: CallChainOptions) {
    this.#options = options;
  }

  /** Lines that wait. */
  get waiting(): number {
    return this.#unwritten;
  }

  /** Adds a line, which is written with the next segment. */
  add(record: Readonly<Record<string, unknown>>): void {
    if (this.#bytes >= this.#options.mostBytes) {
      if (this.#lost === 0)
        this.#options.log.error({ waiting: this.waiting }, 'the audit log is full: lines are lost from now on');
      this.#lost += 1;
      return;
    }
    if (this.#lines === 0) this.#append({ kind: 'begin', host: this.#options.host });
    if (this.#lost > 0) {
      this.#append({ kind: 'lost', lines: this.#lost });
      this.#lost = 0;
    }
    this.#append(record);
  }

  /** Writes what waits. Rejects where it cannot be written: then it goes on waiting. */
  flush(): Promise<void> {
    return this.#writing.run();
  }

  /** Says that no line follows, and writes what waits; where that cannot be, the log says what is lost. */
  async end(): Promise<void> {
    if (this.#lines === 0) return;
    try {
      await this.#writing.underWay;
    } catch {
      // It is tried again at once.
    }
    this.#append({ kind: 'end', ...(this.#lost > 0 && { lost: this.#lost }) });
    await this.flush().catch((error) => {
      this.#options.log.error({ err: error, lines: this.waiting + this.#lost }, 'lines of the audit log are lost');
    });
  }

  #append(record: Readonly<Record<string, unknown>>): void {
    const at = this.#options.now().toISOString();
    this.#lines += 1;
    const { line, hash } = chainLine({ number: this.#lines, at, ...record }, this.#previous);
    this.#previous = hash;
    const last = this.#segment(at.slice(0, 10));
    last.segment.lines.push(line);
    last.bytes += line.length;
    this.#bytes += line.length;
    this.#unwritten += 1;
  }

  /** The segment that lines of a day go to. */
  #segment(day: string) {
    const last = this.#waiting.at(-1);
    if (last && !last.isClosed && last.segment.day === day && last.bytes < mostSegmentBytes) return last;
    this.#segments += 1;
    const segment: Segment = { day, host: this.#options.host, number: this.#segments, lines: [] };
    const next = { segment, isClosed: false, bytes: 0 };
    this.#waiting.push(next);
    return next;
  }

  async #write(): Promise<void> {
    for (const next of [...this.#waiting]) {
      // A try that failed may have stored it all the same: it must not grow any more.
      next.isClosed = true;
      await writeSegment(this.#options.store, next.segment);
      this.#waiting.shift();
      this.#unwritten -= next.segment.lines.length;
      for (const line of next.segment.lines) this.#bytes -= line.length;
    }
  }
}
