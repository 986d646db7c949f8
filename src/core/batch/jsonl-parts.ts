import type { AnsweredRecord, Part, PartWriter } from '../../ports/part-writer.ts';
import { HeldLines } from './held-lines.ts';
import { recordLine } from './record-line.ts';

/** Parts with a line of JSON for each record. */
export class JsonlParts implements PartWriter {
  readonly extension = 'jsonl';
  readonly #kept: readonly string[];

  constructor(kept: readonly string[]) {
    this.#kept = kept;
  }

  async begin(): Promise<Part> {
    const names = this.#kept;
    const lines = new HeldLines();
    const take = () => lines.take();
    return { add: (record: AnsweredRecord) => lines.add(recordLine(names, record)), take, end: take };
  }
}
