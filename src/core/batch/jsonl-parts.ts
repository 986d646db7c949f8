import type { AnsweredRecord, Part, PartWriter } from '../../ports/part-writer.ts';
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
    let lines: Uint8Array[] = [];
    const take = () => {
      const taken = lines;
      lines = [];
      return taken;
    };
    return { add: (record: AnsweredRecord) => void lines.push(recordLine(names, record)), take, end: take };
  }
}
