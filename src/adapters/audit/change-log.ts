import { onePiece } from '../../core/one-piece.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readText } from '../read-text.ts';
import { chainLine } from './chain-line.ts';
import { chainStart } from './chain-start.ts';
import type { ChangeLine } from './change-record.ts';

/** Where the chain has come to. */
interface End {
  /** Changes so far. */
  readonly count: number;
  /** Of the last one. */
  readonly hash: string;
}

const folder = 'changes/';
// With each try another process has taken the place: all get on.
const mostTries = 1000;

/**
 * The chain of changes: an object for each, of one line, numbered from 1 on without a gap.
 *
 * An object is only ever created, so of two processes that want one place one has it, and the other takes the next.
 */
export class ChangeLog {
  readonly #store: ObjectStore;
  readonly #now: () => Date;
  #end: End | undefined;
  #appending: Promise<unknown> = Promise.resolve();

  /** @param store the files of `.audit` */
  constructor(store: ObjectStore, now: () => Date = () => new Date()) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * Resolves to the number of the line once it is part of the chain. Rejects with ServiceError 503 where it cannot be
   * stored.
   */
  append(line: ChangeLine): Promise<number> {
    const appended = this.#appending.then(() => this.#append(line));
    this.#appending = appended.catch(() => undefined);
    return appended;
  }

  async #append(change: ChangeLine): Promise<number> {
    this.#end ??= await this.#find();
    // As JSON has it: its details may be dates, say.
    const plain: ChangeLine = JSON.parse(JSON.stringify(change));
    for (let tries = 1; tries <= mostTries; tries += 1) {
      const end: End = this.#end;
      const number = end.count + 1;
      const { line, hash } = chainLine({ number, at: this.#now().toISOString(), ...plain }, end.hash);
      const key = keyOf(number);
      const { isNew } = await this.#store.create(key, onePiece(Buffer.from(`${line}\n`)));
      this.#end = { count: number, hash: isNew ? hash : await this.#hashAt(key) };
      if (isNew) return number;
    }
    throw new ServiceError(503, `${mostTries} other changes came first`);
  }

  async #find(): Promise<End> {
    const files = await this.#store.list(folder);
    const last = files.findLast(({ key }) => numberOf(key) !== undefined);
    if (!last) return { count: 0, hash: chainStart };
    return { count: numberOf(last.key) as number, hash: await this.#hashAt(last.key) };
  }

  async #hashAt(key: string): Promise<string> {
    const text = await readText(this.#store, key);
    const hash = text === undefined ? undefined : hashIn(text);
    if (hash !== undefined) return hash;
    throw new ServiceError(
      503,
      `'.audit/${key}' is no line of the chain: somebody has changed it; tensorgate audit verify says what`,
    );
  }
}

function keyOf(number: number): string {
  return `${folder}${String(number).padStart(12, '0')}.jsonl`;
}

function numberOf(key: string): number | undefined {
  const [, digits] = /^changes\/(\d{12})\.jsonl$/.exec(key) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function hashIn(text: string): string | undefined {
  const line = jsonIn(text) as { readonly hash?: unknown } | null | undefined;
  return typeof line?.hash === 'string' ? line.hash : undefined;
}
