import type { RandomAccess } from '../ports/random-access.ts';
import { heldBytes } from './held-bytes.ts';
import { joinBytes } from './join-bytes.ts';
import { rangeBytes } from './range-bytes.ts';
import type { StoredBytes } from './stored-bytes.ts';

const windowBytes = 64 * 1024;
const mostFields = 5_000_000;
// Each takes a few hundred bytes of memory, and two bytes of a file.
const mostParts = 1_000_000;
const mostHeldBytes = 256 * 1024 * 1024;
// A tag and a length, 10 bytes each at most.
const headBytes = 20;

/**
 * A field of a protobuf message: its number and wire type (together `tag`), where it begins, where its content lies,
 * and its value where it is a varint.
 */
export interface ProtobufField {
  readonly tag: number;
  readonly number: number;
  readonly wire: number;
  readonly value: number;
  readonly head: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads protobuf fields out of a file by position, so that what is skipped costs nothing.
 *
 * Rejects with an Error where the file is not well-formed, or where what is to be kept of it would take too much
 * memory. Source: protobuf.dev, "Encoding".
 */
export class ProtobufWalk {
  readonly source: RandomAccess;
  #window: Buffer = Buffer.alloc(0);
  #start = 0;
  #fields = 0;
  #parts = 0;
  #heldBytes = 0;

  constructor(source: RandomAccess) {
    this.source = source;
  }

  get size(): number {
    return this.source.size;
  }

  /** Calls `visit` with each field of the message from `start` to `end`. */
  async each(start: number, end: number, visit: (field: ProtobufField) => Promise<void> | void): Promise<void> {
    let at = start;
    while (at < end) {
      this.#fields += 1;
      if (this.#fields > mostFields) throw this.broken('it has too many fields');
      const head = at;
      const missing = this.#hold(at, Math.min(headBytes, this.size - at));
      if (missing) await missing;
      const [tag, afterTag] = this.#tag(at);
      const wire = tag & 7;
      let value = 0;
      let body = afterTag;
      if (wire === 2) {
        const [length, afterLength] = this.#varint(afterTag);
        body = afterLength;
        at = body + length;
        if (at > end) throw this.broken('a field is longer than what holds it');
      } else if (wire === 0) [value, at] = this.#varint(afterTag);
      else if (wire === 1) at = afterTag + 8;
      else if (wire === 5) at = afterTag + 4;
      else throw this.broken(`a field has the unknown wire type ${wire}`);
      if (at > end) throw this.broken('it ends within a field');
      const pending = visit({ tag, number: Math.floor(tag / 8), wire, value, head, start: body, end: at });
      if (pending) await pending;
    }
  }

  /** The content of a field of bytes. Rejects where it is longer than names and the like are. */
  async bytes({ start, end }: Pick<ProtobufField, 'start' | 'end'>): Promise<Buffer> {
    if (end - start > windowBytes / 2) throw this.broken('a text is too long');
    const missing = this.#hold(start, end - start);
    if (missing) await missing;
    return this.#window.subarray(start - this.#start, end - this.#start);
  }

  /** The content of a field of text. */
  async text(field: ProtobufField): Promise<string> {
    const bytes = await this.bytes(field);
    const text = bytes.toString('utf8');
    // What is not UTF-8 would be written otherwise than it was read.
    if (text.includes('\ufffd') && !Buffer.from(text).equals(bytes)) throw this.broken('a text is not UTF-8');
    return text;
  }

  /** Counts what is kept of the file. Throws where it is too much. */
  keep(heldBytes = 0): void {
    this.#parts += 1;
    this.#heldBytes += heldBytes;
    if (this.#parts > mostParts) throw this.broken('it has too many parts');
    if (this.#heldBytes > mostHeldBytes) throw this.broken('it has too much that is not weights');
  }

  /** Bytes of the file from `start` to `end`: in memory where they are few, else where they are. */
  async stored(start: number, end: number, mostHeld = windowBytes / 2): Promise<StoredBytes> {
    const length = end - start;
    this.keep(length > mostHeld ? 0 : length);
    if (length > mostHeld) return rangeBytes(this.source, start, length);
    const missing = this.#hold(start, length);
    if (missing) await missing;
    // A copy: the window is larger, and would stay with it.
    return heldBytes(new Uint8Array(this.#window.subarray(start - this.#start, end - this.#start)));
  }

  /** The fields as they are in the file, their tags included. */
  async encoded(fields: readonly ProtobufField[]): Promise<StoredBytes> {
    const parts: StoredBytes[] = [];
    for (let i = 0; i < fields.length; ) {
      const { head, end: first } = fields[i] as ProtobufField;
      let end = first;
      for (i += 1; fields[i]?.head === end; i += 1) end = (fields[i] as ProtobufField).end;
      parts.push(await this.stored(head, end));
    }
    return joinBytes(parts);
  }

  /** The numbers of a repeated varint field, packed or one by one. */
  async numbers(field: ProtobufField): Promise<number[]> {
    if (field.wire === 0) return [field.value];
    await this.bytes(field);
    const values: number[] = [];
    for (let at = field.start; at < field.end; ) {
      const [value, next] = this.#varint(at);
      values.push(value);
      at = next;
    }
    return values;
  }

  broken(reason: string): Error {
    return new Error(`not an ONNX file, or a damaged one (${reason})`);
  }

  /** A tag takes 32 bits; some parsers drop the bits above and so see another field. */
  #tag(at: number): [tag: number, next: number] {
    const [tag, next] = this.#varint(at);
    if (tag > 0xffffffff || next - at > 5) throw this.broken('a field number is too large');
    return [tag, next];
  }

  /** Reads from what `#hold` put into the window. */
  #varint(at: number): [value: number, next: number] {
    let value = 0;
    for (let i = 0; i < 10; i += 1) {
      const byte = this.#window[at + i - this.#start];
      if (byte === undefined) throw this.broken('it ends within a field');
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return [value, at + i + 1];
    }
    throw this.broken('a number is longer than 10 bytes');
  }

  /** Undefined where the window has them already. */
  #hold(at: number, length: number): Promise<void> | undefined {
    const index = at - this.#start;
    return index >= 0 && index + length <= this.#window.length ? undefined : this.#fill(at, length);
  }

  async #fill(at: number, length: number): Promise<void> {
    const left = this.size - at;
    if (left < length) throw this.broken('it ends within a field');
    const bytes = await this.source.read(at, Math.min(windowBytes, left));
    this.#window = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#start = at;
  }
}
