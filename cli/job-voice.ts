import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import type { JobFiles } from '../src/core/batch-jobs/job-files.ts';
import { eventsFile, type JobEvent, type JobEvents } from '../src/core/model-jobs/run-files.ts';
import type { RewritableStore } from '../src/ports/object-store.ts';

const mostEvents = 1000;
const mostLetters = 1000;
const writeMs = 2000;

/** Keeps what a job's process says, line by line, where callers read it meanwhile. */
export class JobVoice {
  readonly #data: RewritableStore;
  readonly #key: string;
  readonly #events: JobEvent[];
  #dropped: number;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isHushed = false;

  /** @param said what was said before, by a process that went no further */
  constructor(data: RewritableStore, output: JobFiles, said: JobEvents = { events: [], dropped: 0 }) {
    this.#data = data;
    this.#key = output.keyOf(eventsFile);
    this.#events = [...said.events];
    this.#dropped = said.dropped;
  }

  /** Lines that begin with this, or the last one where none does. */
  linesOf(beginning: string): readonly string[] {
    const all = this.#events.map(({ message }) => message);
    const some = all.filter((line) => line.startsWith(beginning));
    return some.length > 0 ? some : all.slice(-1);
  }

  /**
   * Resolves once the stream has ended.
   *
   * @param inTheirWords puts a line into the words of whoever reads it
   */
  async hear(stream: Readable, inTheirWords: (line: string) => string): Promise<void> {
    for await (const line of createInterface(stream)) {
      const message = inTheirWords(stripVTControlCharacters(line)).slice(0, mostLetters).trimEnd();
      if (message === '') continue;
      this.#events.push({ at: Math.floor(Date.now() / 1000), message });
      if (this.#events.length > mostEvents) {
        this.#events.shift();
        this.#dropped += 1;
      }
      if (this.#isHushed) continue;
      this.#timer ??= setTimeout(() => this.#write(), Math.max(0, this.#writtenAt + writeMs - performance.now()));
    }
  }

  /** Writes the rest. Rejects where it cannot be written. */
  async end(): Promise<void> {
    if (this.#timer) this.#write();
    await this.#writing;
  }

  /** Writes nothing from now on: another says what there is to say. */
  hush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isHushed = true;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writtenAt = performance.now();
    const content = JSON.stringify({ events: this.#events, dropped: this.#dropped });
    // One after the other: what was said first must not replace what was said later.
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(() => this.#data.replace(this.#key, new TextEncoder().encode(content)));
    // The last one says it, where the store does not answer.
    this.#writing.catch(() => undefined);
  }
}
