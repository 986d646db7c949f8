/** Lines of output until they are taken. */
export class HeldLines {
  #lines: Uint8Array[] = [];

  add(...lines: readonly Uint8Array[]): void {
    this.#lines.push(...lines);
  }

  /** Those that were added since the last call. */
  take(): readonly Uint8Array[] {
    const taken = this.#lines;
    this.#lines = [];
    return taken;
  }
}
