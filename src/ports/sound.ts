/** A recording of one channel, which is decoded where it is read: an hour of it takes no more memory than its file. */
export interface Sound {
  /** Samples a second. */
  readonly sampleRate: number;
  /** Samples that it has, one at least. */
  readonly length: number;
  /** `count` samples from `start` on, from -1 to 1; before the first and behind the last they are 0. */
  read(start: number, count: number): Float32Array<ArrayBuffer>;
}
