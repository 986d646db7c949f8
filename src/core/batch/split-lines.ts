import { joinBytes } from '../../protocol/join-bytes.ts';
import { Quotation } from './quotation.ts';

/** A line without its end. */
export interface Line {
  /** Bytes before it. */
  readonly offset: number;
  /** Bytes that it takes, its end included. */
  readonly length: number;
  /** Its bytes without its end; of a line of more than `maxBytes`, its beginning. */
  readonly text: Uint8Array;
  readonly isCut: boolean;
  /** Bytes before the quotation mark that is open where the line, the last one, ends. */
  readonly openedAt?: number;
}

export interface SplitOptions {
  /** Bytes of a line that are kept. */
  readonly maxBytes: number;
  /**
   * The byte between fields of CSV, whose lines go on past an end that stands in a quoted field; absent for other text.
   */
  readonly separator?: number;
  /** Bytes before the first piece. */
  readonly offset: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const quote = 0x22;
const stepBytes = 64 * 1024;
/** Of a blank line: views take longer than all else of one. */
const noBytes = new Uint8Array(0);

/**
 * Cuts bytes into lines, at \n or \r\n; the last needs no end. Gives lines some at a time.
 *
 * With a `separator` a record of CSV is one line, whatever its quoted fields hold.
 */
export async function* splitLines(
  pieces: AsyncIterable<Uint8Array>,
  { maxBytes, separator, offset }: SplitOptions,
): AsyncIterable<readonly Line[]> {
  const open = new OpenLine(maxBytes, offset);
  const quotation = separator === undefined ? undefined : new Quotation(separator);
  let bytes = offset;
  let last: number | undefined;
  for await (const piece of inSteps(pieces)) {
    const lines: Line[] = [];
    let from = 0;
    let mark = quotation ? placeOf(piece, quote, 0) : piece.length;
    const passMarks = (end: number) => {
      for (; mark < end; mark = placeOf(piece, quote, mark + 1)) {
        quotation?.pass(bytes + mark, mark > 0 ? piece[mark - 1] : last);
      }
    };
    for (let at = placeOf(piece, newline, 0); at < piece.length; at = placeOf(piece, newline, at + 1)) {
      passMarks(at);
      if (quotation?.isOpen) continue;
      lines.push(open.end(at === from ? noBytes : piece.subarray(from, at), 1));
      from = at + 1;
    }
    passMarks(piece.length);
    open.hold(piece.subarray(from));
    bytes += piece.length;
    last = piece.at(-1);
    yield lines;
  }
  if (open.bytes === 0) return;
  const line = open.end(noBytes, 0);
  yield [quotation?.isOpen ? { ...line, openedAt: quotation.openedAt } : line];
}

/** The same bytes in short pieces: lines of a long one would all be in memory before the first is needed. */
async function* inSteps(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; at += stepBytes) yield piece.subarray(at, at + stepBytes);
  }
}

function placeOf(bytes: Uint8Array, byte: number, from: number): number {
  if (bytes[from] === byte) return from;
  const at = bytes.indexOf(byte, from);
  return at < 0 ? bytes.length : at;
}

/** The line whose end has not come. */
class OpenLine {
  bytes = 0;
  readonly #maxBytes: number;
  #kept: Uint8Array[] = [];
  #at: number;

  constructor(maxBytes: number, at: number) {
    this.#maxBytes = maxBytes;
    this.#at = at;
  }

  hold(piece: Uint8Array): void {
    // The byte past those kept may be a carriage return before the end. Copied, as what it lies in is much larger.
    const room = Math.max(0, this.#maxBytes + 1 - this.bytes);
    if (room > 0 && piece.length > 0) this.#kept.push(piece.slice(0, room));
    this.bytes += piece.length;
  }

  end(rest: Uint8Array, endBytes: number): Line {
    let text = rest;
    if (this.bytes > 0) {
      this.hold(rest);
      text = joinBytes(this.#kept);
    } else this.bytes = rest.length;
    const length = this.bytes + endBytes;
    let textBytes = this.bytes;
    if (endBytes > 0 && text.length === textBytes && text.at(-1) === carriageReturn) textBytes -= 1;
    const keptBytes = Math.min(textBytes, this.#maxBytes);
    const line = {
      offset: this.#at,
      length,
      text: keptBytes === text.length ? text : text.subarray(0, keptBytes),
      isCut: textBytes > this.#maxBytes,
    };
    this.#at += length;
    this.#kept = [];
    this.bytes = 0;
    return line;
  }
}
