import type { DecodeLimits } from './decode-limits.ts';
import { ServiceError } from './service-error.ts';

const quote = 0x22;
const backslash = 0x5c;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Up to so many characters, putting them together one by one is quicker than a decoder. */
const shortText = 32;
/** Bytes that one character of a string takes at most: an escape such as \u0041. */
const bytesOfEscape = 6;

/**
 * Reads JSON from UTF-8 bytes, piece by piece, where the caller knows what comes.
 *
 * `at` is the next byte. Every method throws ServiceError 400 with the byte's position where the bytes are not
 * JSON, 413 past a limit. Source: RFC 8259.
 */
export class JsonScanner {
  readonly bytes: Uint8Array;
  readonly limits: DecodeLimits;
  at = 0;

  constructor(bytes: Uint8Array, limits: DecodeLimits) {
    this.bytes = bytes;
    this.limits = limits;
  }

  fail(expected: string): never {
    const byte = this.bytes[this.at];
    const got =
      byte === undefined ? 'the end' : byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `byte ${byte}`;
    throw new ServiceError(400, `the JSON does not parse: at byte ${this.at}, expected ${expected}, got ${got}`);
  }

  /** Skips white space; returns the byte that follows, or -1 at the end. */
  next(): number {
    const { bytes } = this;
    let byte = bytes[this.at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++this.at];
    return byte ?? -1;
  }

  /** Takes the bracket at `at`; false where `close` follows it, which is taken too. */
  enter(close: number): boolean {
    this.at += 1;
    if (this.next() !== close) return true;
    this.at += 1;
    return false;
  }

  /** After an element: true past a comma, false past `close`. */
  more(close: number): boolean {
    const byte = this.next();
    if (byte !== 0x2c && byte !== close) this.fail(`',' or '${String.fromCharCode(close)}'`);
    this.at += 1;
    return byte === 0x2c;
  }

  /** After a key: takes the colon and the white space before the value. */
  colon(): void {
    if (this.next() !== 0x3a) this.fail("':'");
    this.at += 1;
    this.next();
  }

  /**
   * Takes the string at `at`; returns the bytes between its quotes, and whether they hold escapes or anything but
   * ASCII. Undefined, with nothing taken, where they are more than `maxBytes`.
   */
  rawString(
    maxBytes = Number.POSITIVE_INFINITY,
  ): { readonly raw: Uint8Array; readonly escaped: boolean; readonly ascii: boolean } | undefined {
    const { bytes } = this;
    const start = this.at + 1;
    let escaped = false;
    let all = 0;
    let at = start;
    for (let byte = bytes[at]; byte !== quote; byte = bytes[at]) {
      if (at - start > maxBytes) return undefined;
      if (byte === undefined || byte < 0x20) {
        this.at = at;
        this.fail("a string's end");
      }
      if (byte === backslash) {
        escaped = true;
        at += 1;
      }
      all |= byte;
      at += 1;
    }
    this.at = at + 1;
    return { raw: bytes.subarray(start, at), escaped, ascii: all < 0x80 };
  }

  /** Takes the string at `at`. Undefined, with nothing taken, where it is more than `maxBytes`. */
  string(maxBytes?: number): string | undefined {
    const start = this.at;
    const taken = this.rawString(maxBytes);
    if (!taken) return undefined;
    let value: string;
    try {
      value = decoder.decode(taken.raw);
      if (taken.escaped) value = JSON.parse(`"${value}"`);
    } catch {
      this.at = start;
      return this.fail('a string of valid UTF-8 and escapes');
    }
    if (value.isWellFormed()) return value;
    throw new ServiceError(
      400,
      `the string at byte ${start} of the JSON has half of a character (\\ud800 to \\udfff, without the other half), which UTF-8 cannot carry`,
    );
  }

  /** Takes the string at `at`, which names something: `what`. Throws 413 where it is longer than names may be. */
  name(what: string): string {
    const { maxNameLength } = this.limits;
    const plain = this.#plainText(Math.min(shortText, maxNameLength));
    if (plain !== undefined) return plain;
    const name = this.string(bytesOfEscape * maxNameLength);
    if (name !== undefined && name.length <= maxNameLength) return name;
    throw new ServiceError(413, `${what} is longer than maxNameLength, ${maxNameLength} characters`);
  }

  /** Takes a short string without escapes; undefined, with nothing taken, where it is another. */
  #plainText(maxLength: number): string | undefined {
    const { bytes } = this;
    const start = this.at + 1;
    let text = '';
    for (let at = start; at <= start + maxLength; at += 1) {
      const byte = bytes[at] as number;
      if (byte === quote) {
        this.at = at + 1;
        return text;
      }
      if (!(byte >= 0x20 && byte < 0x7f) || byte === backslash) return undefined;
      text += String.fromCharCode(byte);
    }
    return undefined;
  }

  /** Takes a whole number of 15 digits at most, without a sign; -1, with nothing taken, where something else comes. */
  wholeNumber(): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    let byte = bytes[at] ?? 0;
    for (; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0) value = value * 10 + (byte - 0x30);
    const digits = at - start;
    const isOther = byte === 0x2e || byte === 0x65 || byte === 0x45 || (digits > 1 && bytes[start] === 0x30);
    if (digits === 0 || digits > 15 || isOther) return -1;
    this.at = at;
    return value;
  }

  /** Takes a number; returns its text. */
  number(): string {
    const start = this.at;
    this.skipNumber();
    return decoder.decode(this.bytes.subarray(start, this.at));
  }

  /** Takes a number, without its text. */
  skipNumber(): void {
    if (this.bytes[this.at] === 0x2d) this.at += 1;
    const isZero = this.bytes[this.at] === 0x30;
    const whole = this.#skipDigits();
    if (isZero && whole > 1) {
      const start = this.at - whole;
      throw new ServiceError(400, `the JSON does not parse: at byte ${start}, a number may not begin with 0`);
    }
    if (this.bytes[this.at] === 0x2e) {
      this.at += 1;
      this.#skipDigits();
    }
    if (((this.bytes[this.at] ?? 0) | 0x20) !== 0x65) return;
    this.at += 1;
    if (this.bytes[this.at] === 0x2d || this.bytes[this.at] === 0x2b) this.at += 1;
    this.#skipDigits();
  }

  /** Takes one or more digits; returns how many. */
  #skipDigits(): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0);
    this.at = at;
    if (at === start) this.fail('a digit');
    return at - start;
  }

  /** Takes `true`, `false` or `null`. */
  word(): boolean | null {
    const first = this.next();
    const word = first === 0x74 ? 'true' : first === 0x66 ? 'false' : 'null';
    for (let i = 0; i < word.length; i += 1) if (this.bytes[this.at + i] !== word.charCodeAt(i)) this.fail('a value');
    this.at += word.length;
    return word === 'null' ? null : word === 'true';
  }

  checkNesting(depth: number): void {
    const { maxNesting } = this.limits;
    if (depth <= maxNesting) return;
    throw new ServiceError(413, `the JSON nests deeper than maxNesting, ${maxNesting} levels; send flat arrays`);
  }

  /** Checks that nothing but white space is left. */
  end(): void {
    if (this.next() !== -1) this.fail('nothing more');
  }
}
