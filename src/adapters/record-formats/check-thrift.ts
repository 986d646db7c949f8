/** Types of Thrift's compact protocol. */
const stop = 0;
const isTrue = 1;
const isFalse = 2;
const byte = 3;
const i16 = 4;
const i32 = 5;
const i64 = 6;
const double = 7;
const binary = 8;
const list = 9;
const struct = 12;

// A number of 64 bits.
const mostVarintBytes = 10;
// Those of Parquet lie nine in one another, and have some twenty fields at most.
const mostLevels = 32;
const mostFields = 128;

/**
 * Walks a struct of Thrift's compact protocol that begins at `at`, and gives where it ends. Throws an Error where a
 * reader that takes it by its word would take more memory or time than its bytes account for: one that ends too early,
 * a list of more than there is, numbers without an end, or more than `mostObjects` structs, lists and texts.
 */
export function checkThrift(bytes: Uint8Array, at: number, mostObjects: number): number {
  const walk = new Walk(bytes, at, mostObjects);
  walk.struct(0);
  return walk.at;
}

class Walk {
  at: number;
  readonly #bytes: Uint8Array;
  readonly #mostObjects: number;
  #objects = 0;

  constructor(bytes: Uint8Array, at: number, mostObjects: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#mostObjects = mostObjects;
  }

  struct(level: number): void {
    if (level > mostLevels) throw new Error(`it has structs in more than ${mostLevels} levels`);
    for (let fields = 0; fields <= mostFields; fields += 1) {
      const head = this.#byte();
      const type = head & 0x0f;
      if (type === stop) return;
      if (head >> 4 === 0) this.#varint();
      // Truth is in the type itself.
      if (type !== isTrue && type !== isFalse) this.#value(type, level);
    }
    throw new Error(`it has a struct of more than ${mostFields} fields`);
  }

  #value(type: number, level: number): void {
    if (type === i16 || type === i32 || type === i64) this.#varint();
    else if (type === isTrue || type === isFalse || type === byte) this.#skip(1);
    else if (type === double) this.#skip(8);
    else this.#object(type, level);
  }

  #object(type: number, level: number): void {
    this.#objects += 1;
    if (this.#objects > this.#mostObjects)
      throw new Error(`it has more than ${this.#mostObjects} structs, lists and texts`);
    if (type === struct) this.struct(level + 1);
    else if (type === binary) this.#skip(this.#varint());
    else if (type === list) this.#list(level + 1);
    else throw new Error(`it has a value of the type ${type}, which Parquet has not`);
  }

  #list(level: number): void {
    if (level > mostLevels) throw new Error(`it has lists in more than ${mostLevels} levels`);
    const head = this.#byte();
    const size = head >> 4 === 15 ? this.#varint() : head >> 4;
    const left = this.#bytes.length - this.at;
    if (size > left) throw new Error(`it has a list of ${size}, and ${left} bytes for it`);
    for (let place = 0; place < size; place += 1) this.#value(head & 0x0f, level);
  }

  #varint(): number {
    let value = 0;
    for (let place = 0; place < mostVarintBytes; place += 1) {
      const next = this.#byte();
      value += (next & 0x7f) * 2 ** (7 * place);
      if (next < 0x80) return value;
    }
    throw new Error(`it has a number of more than ${mostVarintBytes} bytes`);
  }

  #byte(): number {
    this.#skip(1);
    return this.#bytes[this.at - 1] as number;
  }

  #skip(bytes: number): void {
    this.at += bytes;
    if (this.at > this.#bytes.length) throw new Error('it ends too early');
  }
}
