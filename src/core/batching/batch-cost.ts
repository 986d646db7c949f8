const fall = 0.5;
const rise = 0.01;

/**
 * Learns how long runs take for their bytes of input, where nothing else takes the processor: a quick run tells
 * more of the model than a slow one, which may only have waited for its turn.
 */
export class BatchCost {
  #msPerByte: number | undefined;

  observe(bytes: number, ms: number): void {
    const measured = ms / Math.max(1, bytes);
    this.#msPerByte ??= measured;
    this.#msPerByte += (measured < this.#msPerByte ? fall : rise) * (measured - this.#msPerByte);
  }

  /** How many bytes of input a run of `ms` takes, about; 0 until there was one. */
  bytesIn(ms: number): number {
    return this.#msPerByte === undefined ? 0 : ms / this.#msPerByte;
  }
}
