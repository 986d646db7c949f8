import type { CreatedFile, FileContent, ObjectStore, StoredFile } from '../../src/ports/object-store.ts';

/** A store whose process is killed after so many steps: nothing is done any more, and whoever waits learns of it. */
export class DyingStore implements ObjectStore {
  readonly #store: ObjectStore;
  #stepsLeft: number;

  constructor(store: ObjectStore, steps: number) {
    this.#store = store;
    this.#stepsLeft = steps;
  }

  get isDead(): boolean {
    return this.#stepsLeft < 0;
  }

  async find(key: string): Promise<StoredFile | undefined> {
    this.#step();
    return this.#store.find(key);
  }

  async *read(file: StoredFile, start?: number, end?: number): AsyncIterable<Uint8Array> {
    this.#step();
    yield* this.#store.read(file, start, end);
  }

  async list(prefix: string): Promise<readonly StoredFile[]> {
    this.#step();
    return this.#store.list(prefix);
  }

  async create(
    key: string,
    body: AsyncIterable<Uint8Array>,
    beforehand?: (content: FileContent) => Promise<void>,
  ): Promise<CreatedFile> {
    this.#step();
    const created = await this.#store.create(key, body, async (content) => {
      await beforehand?.(content);
      this.#step();
    });
    this.#step();
    return created;
  }

  async measure(file: StoredFile): Promise<FileContent> {
    this.#step();
    return this.#store.measure(file);
  }

  async remove(key: string): Promise<void> {
    this.#step();
    await this.#store.remove(key);
  }

  #step(): void {
    this.#stepsLeft -= 1;
    if (this.isDead) throw new Error('killed');
  }
}
