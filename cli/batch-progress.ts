import { clearLine, cursorTo } from 'node:readline';
import progress, { type SingleBar } from 'cli-progress';
import type { Clock } from '../src/ports/clock.ts';
import { progressWords } from './progress-words.ts';

export interface BatchProgressOptions {
  readonly stream: NodeJS.WriteStream;
  /** A bar is drawn again and again in place, as terminals can; lines are for files. */
  readonly form: 'bar' | 'lines' | 'none';
  readonly clock: Clock;
  /** Between lines. @default 5000 */
  readonly lineMs?: number;
}

const usualLineMs = 5000;

/** Shows how far a job is. */
export class BatchProgress {
  readonly #options: BatchProgressOptions;
  #total = 0;
  #before = 0;
  #done = 0;
  #failed = 0;
  /** Records of runs that are over, whose answers are not told of yet. */
  #run = 0;
  #startedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #bar: SingleBar | undefined;

  constructor(options: BatchProgressOptions) {
    this.#options = options;
  }

  /** Tells what goes on before there is anything to count, where that takes a while. */
  prepare(words: string): void {
    const { form, lineMs = usualLineMs } = this.#options;
    if (form !== 'none') this.#timer = setTimeout(() => this.#write(words), lineMs);
  }

  /** Begins to show, with what was done by an earlier run of the job. */
  start(total: number, before: { readonly done: number; readonly failed: number }): void {
    const { form, clock, lineMs = usualLineMs } = this.#options;
    clearTimeout(this.#timer);
    this.#total = total;
    this.#before = before.done;
    this.#done = before.done;
    this.#failed = before.failed;
    this.#startedMs = clock.now();
    if (form === 'bar') this.#bar = this.#draw();
    if (form === 'lines') this.#timer = setInterval(() => this.#write(this.#words()), lineMs);
  }

  /** Hears of a run of the model, before it is known what became of its records. */
  ran(records: number): void {
    this.#run += records;
    this.#update();
  }

  /** Hears of records that are done; of those that were done in vain as less. */
  add(records: number, failed: number): void {
    this.#done += records;
    this.#failed += failed;
    // Where they are taken back, what ran besides was in vain too.
    this.#run = records > 0 ? Math.max(0, this.#run - records) : 0;
    this.#update();
  }

  /** Writes a line of its own, over the bar. */
  say(line: string): void {
    if (this.#bar) {
      cursorTo(this.#options.stream, 0);
      clearLine(this.#options.stream, 0);
    }
    this.#write(line);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #draw(): SingleBar {
    const { stream } = this.#options;
    const bar = new progress.SingleBar({
      stream,
      barsize: 20,
      format: (options, { progress: share }) => `${progress.Format.BarFormat(share, options)} ${this.#words()}`,
    });
    bar.start(this.#total, this.#shown());
    return bar;
  }

  #update(): void {
    this.#bar?.update(this.#shown());
  }

  #shown(): number {
    return Math.min(this.#total, this.#done + this.#run);
  }

  #words(): string {
    const seconds = (this.#options.clock.now() - this.#startedMs) / 1000;
    return progressWords({
      total: this.#total,
      before: this.#before,
      done: this.#shown(),
      failed: this.#failed,
      seconds,
    });
  }

  #write(line: string): void {
    this.#options.stream.write(`${line}\n`);
  }
}
