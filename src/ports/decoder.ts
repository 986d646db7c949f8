/** The cache of one sequence: what the model keeps of its tokens, in native memory. */
export interface DecoderCache {
  /** Tokens that it holds. */
  readonly length: number;
  /** Bytes of memory that it takes. */
  readonly bytes: number;
  /** Frees the memory; no run may be under way with it. */
  release(): void;
}

/** Tokens that a sequence goes on with. */
export interface DecoderStep {
  /** Holds the tokens as well once the run has ended. */
  readonly cache: DecoderCache;
  /** One at least; runs of several sequences take one each. */
  readonly tokens: readonly number[];
}

/**
 * A language model that goes on with sequences of tokens, each with a cache of its own; caches never cross into JavaScript.
 *
 * One run is under way at a time.
 */
export interface Decoder {
  /** Tokens that there are. */
  readonly vocabulary: number;
  /** Tokens that a sequence may have. */
  readonly maxPositions: number;
  /** Bytes of a cache for each token. */
  readonly bytesPerToken: number;
  /** A cache of no tokens. */
  open(): DecoderCache;
  /** A cache of its own of the first `length` tokens of `cache`, which stays as it is. */
  fork(cache: DecoderCache, length: number): DecoderCache;
  /**
   * Goes on with sequences side by side.
   *
   * Gives for each the logits of what comes behind its last token, [vocabulary]; they are good until the next run. Where the run fails or
   * `signal` ends it, caches hold what they held before. Rejects as `Session.run`.
   */
  run(steps: readonly DecoderStep[], signal?: AbortSignal): Promise<readonly Float32Array[]>;
}
