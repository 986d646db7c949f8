/** Work that is done once at a time: whoever wants it while it is under way waits for that. */
export class SharedWork<T> {
  readonly #work: () => Promise<T>;
  #underWay: Promise<T> | undefined;

  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  /** What is under way; undefined where nothing is. */
  get underWay(): Promise<T> | undefined {
    return this.#underWay;
  }

  /** Does it, or waits for what is under way. Rejects as it does. */
  run(): Promise<T> {
    this.#underWay ??= this.#work().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }
}
