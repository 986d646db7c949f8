import type { DecoderCache } from '../../ports/decoder.ts';

interface Entry {
  /** Those that the cache holds, and no others. */
  readonly tokens: readonly number[];
  readonly cache: DecoderCache;
}

/** Copying less than this is no gain over reading it anew. */
const leastTokens = 16;
/** Each is looked through for each prompt. */
const mostEntries = 256;

/**
 * Caches of sequences that have ended, for prompts that begin as they did; the one that was used longest ago goes
 * first.
 */
export class PrefixCache {
  // Keeps insertion order: the first was used longest ago.
  readonly #entries = new Set<Entry>();

  get bytes(): number {
    let bytes = 0;
    for (const { cache } of this.#entries) bytes += cache.bytes;
    return bytes;
  }

  /** Takes a cache over, with the tokens that it holds; caches of the beginnings of these are let go of. */
  keep(tokens: readonly number[], cache: DecoderCache): void {
    const isKnown = [...this.#entries].some((entry) => commonLength(entry.tokens, tokens) === tokens.length);
    if (tokens.length < leastTokens || isKnown) {
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
   * A cache of the longest beginning of `prompt` that there is one of, but not of all of it: the last token is for the
   * run whose logits are wanted. It is the caller's; undefined where there is none that is worth it.
   *
   * @param underWay sequences whose caches may be copied as well
   * @param fork as a decoder does
   */
  take(
    prompt: readonly number[],
    underWay: Iterable<Entry>,
    fork: (cache: DecoderCache, length: number) => DecoderCache,
  ): DecoderCache | undefined {
    let best: Entry | undefined;
    let longest = leastTokens - 1;
    for (const entry of [...this.#entries, ...underWay]) {
      const length = Math.min(commonLength(entry.tokens, prompt), entry.cache.length, prompt.length - 1);
      if (length <= longest) continue;
      best = entry;
      longest = length;
    }
    if (!best) return undefined;
    if (!this.#entries.delete(best)) return fork(best.cache, longest);
    if (longest === best.cache.length) return best.cache;
    this.#entries.add(best);
    return fork(best.cache, longest);
  }

  /** Lets go of the cache that was used longest ago; false where there is none. */
  dropOldest(): boolean {
    const [oldest] = this.#entries;
    if (oldest) this.#drop(oldest);
    return oldest !== undefined;
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry);
    entry.cache.release();
  }
}

function commonLength(one: readonly number[], other: readonly number[]): number {
  const end = Math.min(one.length, other.length);
  let length = 0;
  while (length < end && one[length] === other[length]) length += 1;
  return length;
}
