import type { CreatedFile, FileContent, ObjectStore, StoredFile } from '../../src/ports/object-store.ts';

/**
 * A store that tells of each step before it is taken, by its number from 0: whoever hears may take others first, or
 * forbid it.
 */
export class SteppedStore implements ObjectStore {
  readonly #store: ObjectStore;
  readonly #before: (step: number) => Promise<void>;
  #steps = 0;

  constructor(store: ObjectStore, before: (step: number) => Promise<void>) {
    this.#store = store;
    this.#before = before;
  }

  async find(key: string): Promise<StoredFile | undefined> {
    await this.#step();
    return this.#store.find(key);
  }

  async *read(file: StoredFile, start?: number, end?: number): AsyncIterable<Uint8Array> {
    await this.#step();
    yield* this.#store.read(file, start, end);
  }

  async list(prefix: string): Promise<readonly StoredFile[]> {
    await this.#step();
    return this.#store.list(prefix);
  }

  async create(
    key: string,
    body: AsyncIterable<Uint8Array>,
    beforehand?: (content: FileContent) => Promise<void>,
  ): Promise<CreatedFile> {
    await this.#step();
    const created = await this.#store.create(key, body, async (content) => {
      await beforehand?.(content);
      await this.#step();
    });
    await this.#step();
    return created;
  }

  async measure(file: StoredFile): Promise<FileContent> {
    await this.#step();
    return this.#store.measure(file);
  }

  async remove(key: string): Promise<void> {
    await this.#step();
    await this.#store.remove(key);
  }

  async #step(): Promise<void> {
    const step = this.#steps;
    this.#steps += 1;
    await this.#before(step);
  }
}
