/** One of the tensors that a decoder keeps of its tokens: [sequences, heads, tokens, size]. */
export interface CacheTensor {
  /** The input that takes it, and the output that gives it with the new tokens. */
  readonly past: string;
  readonly present: string;
  readonly datatype: 'FP32' | 'FP16' | 'BF16';
  readonly heads: number;
  readonly size: number;
}

/** Which inputs and outputs of a graph make it a decoder, as Hugging Face's exporters name them. */
export interface DecoderLayout {
  readonly caches: readonly CacheTensor[];
  /**
   * Inputs beside the caches: `input_ids`, and those of `attention_mask`, `position_ids`, `use_cache_branch`,
   * `num_logits_to_keep` that it has.
   */
  readonly inputs: ReadonlyMap<string, 'INT64' | 'INT32' | 'BOOL'>;
  /** Of the output `logits`, [sequences, tokens, vocabulary]. */
  readonly logits: 'FP32' | 'FP16' | 'BF16';
  readonly vocabulary: number;
  readonly maxPositions: number;
  /**
   * New tokens are written into the memory that those before are in (GroupQueryAttention), else the whole is made anew.
   */
  readonly inPlace: boolean;
}

/** The cache of one sequence: what the model keeps of its tokens, in native memory. */
export interface DecoderCache {
  /** Tokens that it holds. */
  readonly length: number;
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
 * A language model that goes on with sequences of tokens, each with a cache of its own; caches never cross into
 * JavaScript.
 *
 * One run is under way at a time.
 */
export interface Decoder {
  /** Tokens that there are. */
  readonly vocabulary: number;
  /** Tokens that a sequence may have. */
  readonly maxPositions: number;
  /** Tokens that a sequence may have in the room that there is for caches, alone. */
  readonly mostTokens: number;
  /**
   * Bytes that caches may take beside those that they take; below 0 where they take more than they may. While tokens
   * are moved, they lie in both places: that is not counted.
   */
  readonly freeBytes: number;
  /** A cache of no tokens. */
  open(): DecoderCache;
  /**
   * Bytes that all caches would take more, or less, if those of `caches` ran together, and the longest of them then had
   * so many tokens. No run may be under way.
   */
  growth(caches: readonly DecoderCache[], tokens: number): number;
  /** A cache of its own of the first `length` tokens of `cache`, which stays as it is. */
  fork(cache: DecoderCache, length: number): DecoderCache;
  /**
   * As `run`, at once and on the calling thread, where that takes little; undefined: nothing was done, as it would take
   * long.
   */
  runShort(steps: readonly DecoderStep[]): readonly Float32Array[] | undefined;
  /**
   * Goes on with sequences side by side.
   *
   * Gives for each the logits of what comes behind its last token, [vocabulary]; they are good until the next run.
   * Where the run fails or `signal` ends it, caches hold what they held before. Rejects as `Session.run`.
   */
  run(steps: readonly DecoderStep[], signal?: AbortSignal): Promise<readonly Float32Array[]>;
  /**
   * Frees what belongs to no cache, once a run under way has ended; all caches have been released. What is asked of it
   * later is refused with 503.
   */
  release(): void;
}
