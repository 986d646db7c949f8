import type { DecoderCache } from '../../ports/decoder.ts';
import { commonLength } from './common-length.ts';
import type { PromptPieces } from './prompt-pieces.ts';

/** A cache, and what prompts can have from it. */
export interface SharedCache {
  /** Of those that the cache holds, the first ones that others can have. */
  readonly tokens: readonly number[];
  readonly cache: DecoderCache;
}

/** The beginning of a prompt that there is a cache of. */
export interface KnownBeginning {
  readonly entry: SharedCache;
  /** Tokens of the prompt, of which the cache may hold more. */
  readonly length: number;
  /** Whether nobody uses the cache, so that it can be had as it is. */
  readonly isKept: boolean;
}

/** Copying less than this is no gain over reading it anew. */
export const leastShared = 16;
/** Each is looked through for each prompt. */
const mostEntries = 256;

/**
 * Caches of sequences that have ended, for prompts that begin as they did; the one that was used longest ago goes
 * first.
 */
export class PrefixCache {
  // Keeps insertion order: the first was used longest ago.
  readonly #entries = new Set<SharedCache>();
  readonly #pieces: PromptPieces;

  constructor(pieces: PromptPieces) {
    this.#pieces = pieces;
  }

  /** Takes a cache over, with the tokens that others can have of it; caches of the beginnings of these are let go of. */
  keep(tokens: readonly number[], cache: DecoderCache): void {
    const isKnown = [...this.#entries].some((entry) => commonLength(entry.tokens, tokens) === tokens.length);
    if (tokens.length < leastShared || isKnown) {
      cache.release();
      return;
    }
    for (const entry of this.#entries) {
      if (commonLength(entry.tokens, tokens) === entry.tokens.length) this.#drop(entry);
    }
    this.#entries.add({ tokens, cache });
    if (this.#entries.size > mostEntries) this.dropOldest();
  }

  /**
   * The longest beginning of `prompt` that there is a cache of, but not of all of it: the last token is for the run
   * whose logits are wanted. Undefined where there is none that is worth it. A kept one counts as used.
   *
   * @param underWay sequences whose caches may be copied as well
   */
  find(prompt: readonly number[], underWay: readonly SharedCache[]): KnownBeginning | undefined {
    let best: SharedCache | undefined;
    let longest = leastShared - 1;
    for (const entry of [...this.#entries, ...underWay]) {
      const common = Math.min(commonLength(entry.tokens, prompt), entry.cache.length, prompt.length - 1);
      const length = this.#pieces.shared(common);
      if (length <= longest) continue;
      best = entry;
      longest = length;
    }
    if (!best) return undefined;
    const isKept = this.#entries.delete(best);
    if (isKept) this.#entries.add(best);
    return { entry: best, length: longest, isKept };
  }

  /** Its cache is the caller's from then on. */
  take({ entry }: KnownBeginning): DecoderCache {
    this.#entries.delete(entry);
    return entry.cache;
  }

  /** Lets go of the cache that was used longest ago, but for `wanted`; false where there is no other. */
  dropOldest(wanted?: KnownBeginning): boolean {
    for (const entry of this.#entries) {
      if (entry === wanted?.entry) continue;
      this.#drop(entry);
      return true;
    }
    return false;
  }

  #drop(entry: SharedCache): void {
    this.#entries.delete(entry);
    entry.cache.release();
  }
}
