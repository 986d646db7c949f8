import type { InputRecord } from '../../ports/record-format.ts';
import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Line } from './split-lines.ts';

const decoder = new TextDecoder();
// What one error in a list of many may take.
const mostShown = 64 * 1024;

/** A record that is one line of a file of text. */
export class LineRecord implements InputRecord {
  readonly number: number;
  readonly #line: Line;
  readonly #decode: (bytes: Uint8Array) => DecodedRecord;
  readonly #isJson: boolean;

  /** @param isJson whether lines are JSON, or text that may look like it */
  constructor(number: number, line: Line, decode: (bytes: Uint8Array) => DecodedRecord, isJson: boolean) {
    this.number = number;
    this.#line = line;
    this.#decode = decode;
    this.#isJson = isJson;
  }

  get offset(): number {
    return this.#line.offset;
  }

  get bytes(): number {
    return this.#line.length;
  }

  decode(): DecodedRecord {
    const { text, isCut, length } = this.#line;
    if (!isCut) return this.#decode(text);
    throw new ServiceError(
      413,
      `the record is ${length} bytes, more than the ${text.length} that one may have; large values go into files of their own, which a manifest names`,
    );
  }

  toJson(): string {
    const { text, isCut } = this.#line;
    if (!isCut && text.length <= mostShown) {
      const whole = decoder.decode(text).trim();
      return this.#isJson && isJson(whole) ? whole : JSON.stringify(whole);
    }
    return JSON.stringify(`${decoder.decode(text.subarray(0, mostShown)).replace(/\ufffd+$/, '')}…`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
