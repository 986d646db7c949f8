/** A hop to the native threads and back costs about 0.1 ms; below this a run is quicker where it is called. */
const borderMs = 0.3;

/**
 * Learns how long a model's runs take, to tell which are shorter than the hop to another thread.
 *
 * A run's time is taken to grow with its input elements, never to shrink with them.
 */
export class RunCost {
  #elements = 0;
  #ms = Number.POSITIVE_INFINITY;

  /** Takes in a run of `elements` input elements that took `ms` on the calling thread. */
  observe(elements: number, ms: number): void {
    const scaled = ms / Math.max(1, elements / Math.max(1, this.#elements));
    if (this.#ms === Number.POSITIVE_INFINITY) {
      this.#elements = elements;
      this.#ms = ms;
    } else {
      this.#ms += 0.1 * (scaled - this.#ms);
    }
  }

  /** Whether a run over `elements` input elements should stay on the calling thread. */
  isShort(elements: number): boolean {
    const expected = this.#ms * Math.max(1, elements / Math.max(1, this.#elements));
    if (expected <= borderMs) return true;
    // A few slow runs (a collection, a busy machine) must not send a quick model to the threads for good.
    if (elements <= this.#elements) this.#ms *= 0.99;
    return false;
  }
}
