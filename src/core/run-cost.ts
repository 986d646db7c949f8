/** A hop to the native threads and back costs about 0.1 ms; below this a run is quicker where it is called. */
const borderMs = 0.3;
/** Up to this many bytes of input, a run takes as long as one of none: texts are empty at the warm-up. */
const leastBytes = 64;

/**
 * Learns how long a model's runs take, to tell which are shorter than the hop to another thread.
 *
 * A run's time is taken to grow with its bytes of input, never to shrink with them.
 */
export class RunCost {
  #bytes = leastBytes;
  #ms = Number.POSITIVE_INFINITY;

  /** Takes in a run of `bytes` bytes of input that took `ms` on the calling thread. */
  observe(bytes: number, ms: number): void {
    const scaled = ms / Math.max(1, bytes / this.#bytes);
    if (this.#ms === Number.POSITIVE_INFINITY) {
      this.#bytes = Math.max(bytes, leastBytes);
      this.#ms = ms;
    } else {
      // Bounded, as one run that the system put aside says nothing of the model; slow ones in a row still tell.
      this.#ms += 0.1 * (Math.min(scaled, 2 * this.#ms + 0.01) - this.#ms);
    }
  }

  /** Whether a run over `bytes` bytes of input should stay on the calling thread. */
  isShort(bytes: number): boolean {
    const expected = this.#ms * Math.max(1, bytes / this.#bytes);
    if (expected <= borderMs) return true;
    // A few slow runs (a collection, a busy machine) must not send a quick model to the threads for good.
    if (bytes <= this.#bytes) this.#ms *= 0.99;
    return false;
  }
}
