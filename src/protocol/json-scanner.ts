import { ServiceError } from './service-error.ts';

const quote = 0x22;
const backslash = 0x5c;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads JSON from UTF-8 bytes, piece by piece, where the caller knows what comes.
 *
 * `at` is the next byte. Every method throws ServiceError 400 with the byte's position where the text is not
 * what it should be, 413 where arrays and objects nest deeper than `maxNesting`. Source: RFC 8259.
 */
export class JsonScanner {
  readonly bytes: Uint8Array;
  readonly maxNesting: number;
  at = 0;

  constructor(bytes: Uint8Array, maxNesting: number) {
    this.bytes = bytes;
    this.maxNesting = maxNesting;
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

  /** Takes `character`, after white space. */
  take(character: string): void {
    if (this.next() !== character.charCodeAt(0)) this.fail(`'${character}'`);
    this.at += 1;
  }

  /** After an element: true past a comma, false past `close`. */
  more(close: '}' | ']'): boolean {
    const byte = this.next();
    if (byte !== 0x2c && byte !== close.charCodeAt(0)) this.fail(`',' or '${close}'`);
    this.at += 1;
    return byte === 0x2c;
  }

  /** Reads an object; `member` is called at each value, and reads it. A key that comes twice is refused. */
  object(member: (key: string) => void): void {
    this.take('{');
    if (this.next() === 0x7d) {
      this.at += 1;
      return;
    }
    const seen = new Set<string>();
    do {
      const key = this.string();
      if (seen.has(key)) throw new ServiceError(400, `the JSON has the key '${key.slice(0, 100)}' twice in one object`);
      seen.add(key);
      this.take(':');
      this.next();
      member(key);
    } while (this.more('}'));
  }

  /** Reads an array; `element` is called at each element, and reads it. */
  array(element: () => void): void {
    this.take('[');
    if (this.next() === 0x5d) {
      this.at += 1;
      return;
    }
    do {
      this.next();
      element();
    } while (this.more(']'));
  }

  /** Takes a string; returns the bytes between its quotes, and whether they hold escapes. */
  rawString(): { raw: Uint8Array; escaped: boolean } {
    if (this.next() !== quote) this.fail('a string');
    const { bytes } = this;
    const start = this.at + 1;
    let escaped = false;
    let at = start;
    for (let byte = bytes[at]; byte !== quote; byte = bytes[at]) {
      if (byte === undefined || byte < 0x20) {
        this.at = at;
        this.fail("a string's end");
      }
      if (byte === backslash) {
        escaped = true;
        at += 1;
      }
      at += 1;
    }
    this.at = at + 1;
    return { raw: bytes.subarray(start, at), escaped };
  }

  string(): string {
    const start = this.next() === quote ? this.at : this.fail('a string');
    const { raw, escaped } = this.rawString();
    try {
      const text = decoder.decode(raw);
      if (!escaped) return text;
      const value = JSON.parse(`"${text}"`) as string;
      if (value.isWellFormed()) return value;
    } catch {
      // Told below.
    }
    this.at = start;
    return this.fail('a string of valid UTF-8 and escapes');
  }

  /** Takes a number; returns its text. */
  number(): string {
    const { bytes } = this;
    this.next();
    const start = this.at;
    let end = start;
    for (
      let byte = bytes[end] ?? 0;
      (byte >= 0x30 && byte <= 0x39) ||
      byte === 0x2d ||
      byte === 0x2b ||
      byte === 0x2e ||
      byte === 0x45 ||
      byte === 0x65;
      byte = bytes[++end] ?? 0
    );
    const text = decoder.decode(bytes.subarray(start, end));
    if (end === start || !/^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text)) this.fail('a number');
    this.at = end;
    return text;
  }

  /** Takes `true`, `false` or `null`. */
  word(): boolean | null {
    const first = this.next();
    const word = first === 0x74 ? 'true' : first === 0x66 ? 'false' : 'null';
    for (let i = 0; i < word.length; i += 1) if (this.bytes[this.at + i] !== word.charCodeAt(i)) this.fail('a value');
    this.at += word.length;
    return word === 'null' ? null : word === 'true';
  }

  /** Takes any value and lets it go. */
  skip(depth = 1): void {
    const byte = this.next();
    if (byte === 0x7b || byte === 0x5b) {
      this.checkNesting(depth);
      if (byte === 0x7b) this.object(() => this.skip(depth + 1));
      else this.array(() => this.skip(depth + 1));
    } else if (byte === quote) this.string();
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) this.#skipNumber();
    else this.word();
  }

  /** Passes over an array that is read later: looks at nothing but its brackets and strings, and at what no array of elements holds. */
  passArray(): void {
    if (this.next() !== 0x5b) this.fail("'['");
    const { bytes } = this;
    let depth = 0;
    for (; this.at < bytes.length; this.at += 1) {
      const byte = bytes[this.at] as number;
      if (byte === quote) {
        this.rawString();
        this.at -= 1;
      } else if (byte === 0x5b) depth += 1;
      else if (byte === 0x5d) depth -= 1;
      else if (byte === 0x3a || byte === 0x7b || byte === 0x7d) this.fail("',' or ']'");
      if (depth > 0) continue;
      this.at += 1;
      return;
    }
    this.fail("']'");
  }

  /** Takes a number, without its text. */
  #skipNumber(): void {
    const start = this.at;
    if (this.bytes[this.at] === 0x2d) this.at += 1;
    const zero = this.bytes[this.at] === 0x30;
    let digits = this.#skipDigits();
    if (zero && digits > 1) digits = 0;
    if (digits > 0 && this.bytes[this.at] === 0x2e) {
      this.at += 1;
      digits = this.#skipDigits();
    }
    if (digits > 0 && ((this.bytes[this.at] ?? 0) | 0x20) === 0x65) {
      this.at += 1;
      if (this.bytes[this.at] === 0x2d || this.bytes[this.at] === 0x2b) this.at += 1;
      digits = this.#skipDigits();
    }
    if (digits > 0) return;
    this.at = start;
    this.fail('a number');
  }

  #skipDigits(): number {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    for (let byte = bytes[at] ?? 0; byte >= 0x30 && byte <= 0x39; byte = bytes[++at] ?? 0);
    this.at = at;
    return at - start;
  }

  checkNesting(depth: number): void {
    if (depth <= this.maxNesting) return;
    throw new ServiceError(413, `the JSON nests deeper than maxNesting, ${this.maxNesting} levels; send flat arrays`);
  }

  /** Checks that nothing but white space is left. */
  end(): void {
    if (this.next() !== -1) this.fail('nothing more');
  }
}
