import { allocateBytes } from '../protocol/allocate-bytes.ts';
import { wireType } from './protobuf-reader.ts';

const encoder = new TextEncoder();
const shortText = 64;

/**
 * Writes a protobuf message from its end to its start, so that the length of a message within it is known when it is
 * to be written. Fields, and elements of lists, are therefore written last one first. Source: protobuf.dev, "Encoding".
 */
export class ProtobufWriter {
  #bytes: Uint8Array;
  #at: number;

  /** Holds `capacity` bytes without having to grow. */
  constructor(capacity: number) {
    this.#bytes = allocateBytes(capacity);
    this.#at = capacity;
  }

  /** Bytes written so far: for `wrap`, before what it is to wrap. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** Makes a field of bytes of what was written since there were `before` bytes. */
  wrap(field: number, before: number): void {
    this.varint(this.length - before);
    this.tag(field, wireType.bytes);
  }

  content(field: number, content: Uint8Array): void {
    const before = this.length;
    this.raw(content);
    this.wrap(field, before);
  }

  /** Writes a field of text, unless it is empty, as absence means too. */
  text(field: number, text: string): void {
    if (text === '') return;
    const before = this.length;
    this.#text(text);
    this.wrap(field, before);
  }

  tag(field: number, wire: number): void {
    this.varint(field * 8 + wire);
  }

  /** Writes a whole number; where it is negative, as its 64 bits. */
  varint(value: number): void {
    if (value >= 0 && value < 0x80) {
      this.#reserve(1);
      this.#bytes[this.#at] = value;
    } else if (value >= 0 && value < 2 ** 31) this.varintOf(value, 0);
    else this.varintOf(value, Math.floor(value / 2 ** 32));
  }

  /** Writes a varint of 64 bits, of which `low` and `high` give 32 each. */
  varintOf(low: number, high: number): void {
    let left = low >>> 0;
    let leftHigh = high >>> 0;
    let size = 1;
    for (let [l, h] = [left, leftHigh]; h !== 0 || l >= 0x80; size += 1) {
      l = ((l >>> 7) | (h << 25)) >>> 0;
      h >>>= 7;
    }
    this.#reserve(size);
    for (let at = this.#at; at < this.#at + size - 1; at += 1) {
      this.#bytes[at] = (left & 0x7f) | 0x80;
      left = ((left >>> 7) | (leftHigh << 25)) >>> 0;
      leftHigh >>>= 7;
    }
    this.#bytes[this.#at + size - 1] = left;
  }

  /** Writes 32 bits as they lie, lowest byte first. */
  fixed32(value: number): void {
    this.#reserve(4);
    for (let byte = 0; byte < 4; byte += 1) this.#bytes[this.#at + byte] = value >>> (8 * byte);
  }

  double(value: number): void {
    this.#reserve(8);
    new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, 8).setFloat64(0, value, true);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
  }

  /** The message. */
  finish(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  #text(text: string): void {
    if (text.length > shortText || !isPlain(text)) {
      this.raw(encoder.encode(text));
      return;
    }
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index += 1) this.#bytes[this.#at + index] = text.charCodeAt(index);
  }

  /** Moves to where `count` bytes more are to be written. */
  #reserve(count: number): void {
    if (count > this.#at) {
      const { length } = this;
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, length + count));
      grown.set(this.#bytes.subarray(this.#at), grown.length - length);
      this.#bytes = grown;
      this.#at = grown.length - length;
    }
    this.#at -= count;
  }
}

function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0x80) return false;
  return true;
}
