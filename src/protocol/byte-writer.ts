import { allocateBytes } from './allocate-bytes.ts';
import { writeWhole } from './write-whole.ts';

const encoder = new TextEncoder();
const shortText = 64;

/**
 * Shared by all writers, which work within one synchronous step: most answers are small, and leave as a copy of just
 * their size.
 */
const scratch = new Uint8Array(64 * 1024);

/** Puts a body together from text and bytes. To be used, and finished, within one synchronous step. */
export class ByteWriter {
  /** Written up to `at`; of another identity after `reserve`. */
  bytes: Uint8Array = scratch;
  at = 0;

  /** Makes sure that so many bytes can be written. */
  reserve(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.at + count));
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
  }

  text(text: string): void {
    // UTF-8 takes three bytes for a UTF-16 unit at most.
    this.reserve(text.length * 3);
    const { bytes, at } = this;
    if (text.length <= shortText) {
      let index = 0;
      for (; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code >= 0x80) break;
        bytes[at + index] = code;
      }
      if (index === text.length) {
        this.at = at + index;
        return;
      }
    }
    this.at = at + encoder.encodeInto(text, bytes.subarray(at)).written;
  }

  /** Writes a JSON string of `text`. */
  quoted(text: string): void {
    if (isPlain(text)) {
      this.text('"');
      this.text(text);
      this.text('"');
    } else this.text(JSON.stringify(text));
  }

  /** Writes a whole number from 0 to 2^53. */
  whole(value: number): void {
    this.reserve(16);
    this.at = writeWhole(value, this.bytes, this.at);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Whether so many bytes more still make a small body. */
  isSmallWith(count: number): boolean {
    return this.at + count <= scratch.length;
  }

  /** What was written. */
  finish(): Uint8Array {
    const written = this.bytes.subarray(0, this.at);
    if (this.bytes !== scratch) return written;
    const copy = allocateBytes(this.at);
    copy.set(written);
    return copy;
  }
}

/** Whether a JSON string holds it as it is. */
function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code >= 0x80 || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}
