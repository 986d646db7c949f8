import { ServiceError } from '../protocol/service-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Up to so many bytes, putting a text together character by character is quicker than a decoder. */
const shortText = 32;
const mostVarintBytes = 10;

/** How a field's content is written. Source: protobuf.dev, "Encoding". */
export const wireType = { varint: 0, eightBytes: 1, bytes: 2, fourBytes: 5 } as const;

/**
 * Reads protobuf fields out of a message in memory, one after the other; what is not wanted is to be passed with
 * `skip`.
 *
 * `at` is the next byte. Every method throws ServiceError 400, with the byte's position, where the message is not
 * well-formed.
 */
export class ProtobufReader {
  readonly bytes: Uint8Array;
  at = 0;
  /** How the field that `next` found is written. */
  wire = 0;
  /** The varint that was read last: its lower and its upper 32 bits, both with a sign. */
  low = 0;
  high = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** The number of the next field, whose content is at `at` then; 0 at `end`, where the message that holds it ends. */
  next(end: number): number {
    if (this.at === end) return 0;
    if (this.at > end) this.fail('a field is longer than what holds it');
    const start = this.at;
    this.varint();
    this.wire = this.low & 7;
    const number = this.low >>> 3;
    // A tag takes 32 bits; some parsers drop the bits above and so see another field.
    if (this.high !== 0 || this.at - start > 5 || number === 0) this.fail('there is no such field');
    return number;
  }

  /** Takes the length of a field of bytes; returns where these end. */
  enter(end: number): number {
    this.varint();
    const contentEnd = this.at + (this.low >>> 0);
    if (this.high !== 0 || contentEnd > end) this.fail('a field is longer than what holds it');
    return contentEnd;
  }

  /** Takes a field of bytes, as they lie in the message. */
  content(end: number): Uint8Array {
    const contentEnd = this.enter(end);
    const content = this.bytes.subarray(this.at, contentEnd);
    this.at = contentEnd;
    return content;
  }

  /** Takes a field of text, which is `what`. Throws 413 where it has more than `maxLength` characters. */
  text(what: string, maxLength: number, end: number): string {
    const contentEnd = this.enter(end);
    const length = contentEnd - this.at;
    // UTF-8 takes three bytes for a UTF-16 unit at most.
    const text = length > maxLength * 3 ? undefined : (this.#plainText(contentEnd) ?? this.#decode(what, contentEnd));
    if (text === undefined || text.length > maxLength) {
      throw new ServiceError(413, `${what} is longer than maxNameLength, ${maxLength} characters`);
    }
    this.at = contentEnd;
    return text;
  }

  /** Reads a varint into `low` and `high`. */
  varint(): void {
    const { bytes } = this;
    let at = this.at;
    let byte = bytes[at] as number;
    this.high = 0;
    if (byte < 0x80) {
      this.low = byte;
      this.at = at + 1;
      return;
    }
    let low = 0;
    let high = 0;
    for (let index = 0; index < mostVarintBytes; index += 1) {
      byte = bytes[at] as number;
      if (byte === undefined) this.fail('it ends within a field');
      at += 1;
      const bits = byte & 0x7f;
      if (index < 5) low |= bits << (7 * index);
      if (index === 4) high = bits >>> 4;
      if (index > 4) high |= bits << (7 * index - 32);
      if (byte < 0x80) {
        this.low = low;
        this.high = high;
        this.at = at;
        return;
      }
    }
    this.fail('a number is longer than 10 bytes');
  }

  /** Takes a varint as a signed number, exact up to 2^53. */
  signed(): number {
    this.varint();
    return this.high * 2 ** 32 + (this.low >>> 0);
  }

  /** Passes the content of a field. */
  skip(end: number): void {
    if (this.wire === wireType.bytes) this.at = this.enter(end);
    else if (this.wire === wireType.varint) this.varint();
    else if (this.wire === wireType.eightBytes) this.at += 8;
    else if (this.wire === wireType.fourBytes) this.at += 4;
    else this.fail(`a field has the unknown wire type ${this.wire}`);
  }

  fail(reason: string): never {
    throw new ServiceError(400, `the message is no protobuf, or a damaged one: ${reason} (at byte ${this.at})`);
  }

  /** Short text of printable ASCII; undefined where it is another. */
  #plainText(end: number): string | undefined {
    if (end - this.at > shortText) return undefined;
    let text = '';
    for (let at = this.at; at < end; at += 1) {
      const byte = this.bytes[at] as number;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #decode(what: string, end: number): string {
    try {
      return decoder.decode(this.bytes.subarray(this.at, end));
    } catch (cause) {
      throw new ServiceError(400, `${what} is no valid UTF-8`, { cause });
    }
  }
}
