import type { FileHandle } from 'node:fs/promises';

const windowBytes = 64 * 1024;
const mostFields = 5_000_000;
// A tag and a length, 10 bytes each at most.
const headBytes = 20;

/** A field of a protobuf message: where its content lies, and its value where it is a varint. */
export interface ProtobufField {
  readonly number: number;
  readonly wire: number;
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Reads protobuf fields out of a file by position, so that what is skipped costs nothing.
 *
 * Rejects with an Error where the file is not well-formed. Source: protobuf.dev, "Encoding".
 */
export class ProtobufWalk {
  readonly size: number;
  readonly #file: FileHandle;
  #window = Buffer.alloc(0);
  #start = 0;
  #fields = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** Calls `visit` with each field of the message from `start` to `end`. */
  async each(start: number, end: number, visit: (field: ProtobufField) => Promise<void> | void): Promise<void> {
    let at = start;
    while (at < end) {
      this.#fields += 1;
      if (this.#fields > mostFields) throw this.broken('it has too many fields');
      await this.#hold(at, Math.min(headBytes, this.size - at));
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
      const pending = visit({ number: Math.floor(tag / 8), wire, value, start: body, end: at });
      if (pending) await pending;
    }
  }

  /** The content of a field of bytes. Rejects where it is longer than names and the like are. */
  async bytes({ start, end }: ProtobufField): Promise<Buffer> {
    if (end - start > windowBytes / 2) throw this.broken('a text is too long');
    await this.#hold(start, end - start);
    return this.#window.subarray(start - this.#start, end - this.#start);
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

  async #hold(at: number, length: number): Promise<void> {
    const index = at - this.#start;
    if (index >= 0 && index + length <= this.#window.length) return;
    const buffer = Buffer.alloc(Math.min(windowBytes, this.size - at));
    const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at);
    this.#window = buffer.subarray(0, bytesRead);
    this.#start = at;
    if (bytesRead < length) throw this.broken('it ends within a field');
  }
}
