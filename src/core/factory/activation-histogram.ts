const bins = 16_384;

/**
 * How often an activation has which values, counted as they come, in 128 KB however many they are.
 *
 * The range that is counted is a power of two on both sides of 0, and doubles when a value lies beyond: two bins become
 * one each time. So the counts depend on the values alone, not on their order. What is not finite is left out.
 */
export class ActivationHistogram {
  #counts = new Float64Array(bins);
  #reach = 0;
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(values: Float32Array): void {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
      const size = Math.abs(value);
      if (size >= this.#reach) this.#widen(size);
      const bin = Math.floor((value / this.#reach) * (bins / 2)) + bins / 2;
      this.#counts[bin] = (this.#counts[bin] as number) + 1;
      this.#count += 1;
    }
  }

  /**
   * What `percentile` percent of the values lie in, as many cut off below as above, as onnxruntime.quantization's
   * PercentileCalibrater does; 100 is from the least to the greatest. Of no values at all, from 0 to 0.
   */
  range(percentile: number): { readonly min: number; readonly max: number } {
    if (this.#count === 0) return { min: 0, max: 0 };
    const cut = ((100 - percentile) / 200) * this.#count;
    if (cut === 0) return { min: this.#min, max: this.#max };
    const edge = (bin: number) => (bin / (bins / 2) - 1) * this.#reach;
    return {
      min: Math.max(this.#min, edge(this.#binAt(cut))),
      max: Math.min(this.#max, edge(this.#binAt(this.#count - cut) + 1)),
    };
  }

  /** The bin in which the count of the values up to it comes to `count`. */
  #binAt(count: number): number {
    let sum = 0;
    let bin = 0;
    for (; bin < bins - 1; bin += 1) {
      sum += this.#counts[bin] as number;
      if (sum >= count) break;
    }
    return bin;
  }

  #widen(size: number): void {
    const before = this.#reach;
    let reach = before || (size === 0 ? 2 ** -126 : 2 ** Math.floor(Math.log2(size)));
    while (size >= reach) reach *= 2;
    this.#reach = reach;
    if (this.#count === 0) return;
    // So many bins become one that all on a side of 0 do.
    const halvings = Math.min(Math.log2(bins), Math.log2(reach / before));
    const wider = new Float64Array(bins);
    for (let bin = 0; bin < bins; bin += 1) {
      const into = bins / 2 + ((bin - bins / 2) >> halvings);
      wider[into] = (wider[into] as number) + (this.#counts[bin] as number);
    }
    this.#counts = wider;
  }
}
