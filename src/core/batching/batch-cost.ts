/** Weight of the newest run: a slow moment of the machine is soon forgotten. */
const weight = 0.2;

/** Learns how long runs on other threads take for their bytes of input. */
export class BatchCost {
  #msPerByte: number | undefined;

  observe(bytes: number, ms: number): void {
    const measured = ms / Math.max(1, bytes);
    this.#msPerByte ??= measured;
    this.#msPerByte += weight * (measured - this.#msPerByte);
  }

  /** How many bytes of input a run of `ms` takes, about; 0 until there was one. */
  bytesIn(ms: number): number {
    return this.#msPerByte === undefined ? 0 : ms / this.#msPerByte;
  }
}
