import type { JsonScanner } from './json-scanner.ts';
import type { KnownWords } from './known-words.ts';
import { ServiceError } from './service-error.ts';

/**
 * The members of the object at the scanner, one by one: `next` takes a key, and the caller the value behind it.
 *
 * Throws 400 where a key comes twice, 413 where those that are not known are more than tensors may be.
 *
 * @example
 * const members = new ObjectMembers(scanner, keys);
 * for (let key = members.next(); key !== undefined; key = members.next()) {
 *   if (key === 'name') name = scanName(scanner, "an output's 'name'");
 *   else skipValue(scanner);
 * }
 */
export class ObjectMembers {
  readonly #scanner: JsonScanner;
  readonly #keys: KnownWords<string>;
  #isEntered = false;
  /** A bit for each known key that came; the others, where there are any, are in a set. */
  #seen = 0;
  #others: Set<string> | undefined;

  constructor(scanner: JsonScanner, keys: KnownWords<string>) {
    this.#scanner = scanner;
    this.#keys = keys;
  }

  /** The next key; undefined past the object's end. */
  next(): string | undefined {
    const scanner = this.#scanner;
    if (!(this.#isEntered ? scanner.more(0x7d) : scanner.enter(0x7d))) return undefined;
    this.#isEntered = true;
    if (scanner.next() !== 0x22) scanner.fail('a string');
    const key = this.#take();
    scanner.colon();
    return key;
  }

  #take(): string {
    const scanner = this.#scanner;
    const { words } = this.#keys;
    let index = this.#keys.find(scanner.bytes, scanner.at + 1);
    let key = words[index];
    if (key === undefined) {
      key = scanner.name('a key in the JSON');
      // It may have been written with escapes.
      index = words.indexOf(key);
    } else scanner.at += key.length + 2;
    if (index < 0) this.#remember(key);
    else if ((this.#seen & (1 << index)) === 0) this.#seen |= 1 << index;
    else throw twice(key);
    return key;
  }

  #remember(key: string): void {
    this.#others ??= new Set();
    if (this.#others.has(key)) throw twice(key);
    const { maxTensors } = this.#scanner.limits;
    if (this.#others.size >= maxTensors)
      throw new ServiceError(413, `an object in the JSON has more unknown members than maxTensors, ${maxTensors}`);
    this.#others.add(key);
  }
}

function twice(key: string): ServiceError {
  return new ServiceError(400, `the JSON has the key '${key}' twice in one object`);
}
