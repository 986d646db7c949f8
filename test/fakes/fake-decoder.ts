import type { Decoder, DecoderCache, DecoderStep } from '../../src/ports/decoder.ts';

class FakeCache implements DecoderCache {
  tokens: readonly number[] = [];
  /** Tokens that it takes the memory of. */
  width = 0;
  isReleased = false;
  readonly #perToken: number;

  constructor(perToken: number) {
    this.#perToken = perToken;
  }

  get length(): number {
    return this.tokens.length;
  }

  get bytes(): number {
    return this.width * this.#perToken;
  }

  release(): void {
    if (this.isReleased) throw new Error('a cache was released twice');
    this.isReleased = true;
  }
}

/**
 * A decoder in whose answer every token of the cache has a part: see `after`. It remembers its runs, and the
 * caches that are held; runs wait where a test says so, and fail at the tokens in `failing`.
 */
export class FakeDecoder implements Decoder {
  readonly vocabulary = 100;
  readonly maxPositions: number;
  readonly bytesPerToken = 10;
  cacheBytes = 1e6;
  /** Tokens that a cache takes the memory of where the longest beside it has so many. */
  widthOf: (tokens: number) => number = (tokens) => tokens;
  /** Of each run, the tokens of each sequence. */
  readonly runs: (readonly (readonly number[])[])[] = [];
  readonly held = new Set<FakeCache>();
  readonly failing = new Set<number>();
  /** Of each fork, the tokens that it took over. */
  readonly forks: number[] = [];
  /** What a run reads of a token depends on how many share the run. */
  mixesTokens = false;
  /** Behind a cache, what a run reads of several tokens is wrong. */
  takesOneBehindCache = false;
  gate: Promise<void> = Promise.resolve();
  /** Steps are short: done at once. */
  isShort = false;
  /** Hears of each step how many sequences share it. */
  onStep: (sequences: number) => void = () => undefined;
  isUnderWay = false;
  mostBytes = 0;

  constructor(maxPositions = 1000) {
    this.maxPositions = maxPositions;
  }

  /** The likeliest token behind others. */
  static after(tokens: readonly number[]): number {
    return (tokens.reduce((sum, token, index) => sum + token * (index + 1), 0) + 1) % 100;
  }

  get mostTokens(): number {
    return Math.min(this.maxPositions, Math.floor(this.cacheBytes / this.bytesPerToken));
  }

  get freeBytes(): number {
    return this.cacheBytes - this.bytes;
  }

  growth(caches: readonly DecoderCache[], tokens: number): number {
    const known = caches.map((cache) => this.#known(cache));
    return known.reduce((sum, { bytes }) => sum + this.widthOf(tokens) * this.bytesPerToken - bytes, 0);
  }

  open(): DecoderCache {
    return this.#hold(new FakeCache(this.bytesPerToken));
  }

  fork(cache: DecoderCache, length: number): DecoderCache {
    const copy = new FakeCache(this.bytesPerToken);
    copy.tokens = this.#known(cache).tokens.slice(0, length);
    copy.width = this.widthOf(length);
    this.forks.push(length);
    return this.#hold(copy);
  }

  runShort(steps: readonly DecoderStep[]): readonly Float32Array[] | undefined {
    if (!this.isShort || steps.some(({ tokens }) => tokens.length !== 1)) return undefined;
    this.runs.push(steps.map(({ tokens }) => tokens));
    return this.#step(steps);
  }

  async run(steps: readonly DecoderStep[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
    if (this.isUnderWay) throw new Error('two runs at once');
    if (steps.length > 1 && steps.some(({ tokens }) => tokens.length !== 1)) throw new Error('too many tokens');
    this.isUnderWay = true;
    this.runs.push(steps.map(({ tokens }) => tokens));
    try {
      await Promise.race([this.gate, ended(signal)]);
      return this.#step(steps);
    } finally {
      this.isUnderWay = false;
    }
  }

  release(): void {
    if (this.bytes > 0) throw new Error('caches are held');
  }

  /** Tokens that all runs took. */
  get tokensRead(): number {
    return this.runs.flat().reduce((sum, { length }) => sum + length, 0);
  }

  /** Of all caches. */
  get bytes(): number {
    return [...this.held].reduce((sum, cache) => sum + (cache.isReleased ? 0 : cache.bytes), 0);
  }

  #step(steps: readonly DecoderStep[]): readonly Float32Array[] {
    if (steps.every(({ tokens }) => tokens.length === 1)) this.onStep(steps.length);
    const failed = steps.flatMap(({ tokens }) => tokens).find((token) => this.failing.has(token));
    if (failed !== undefined) throw new Error(`token ${failed} failed`);
    const longest = Math.max(...steps.map(({ cache, tokens }) => cache.length + tokens.length));
    const logits = steps.map(({ cache, tokens }) => this.#goOn(this.#known(cache), tokens, this.widthOf(longest)));
    this.mostBytes = Math.max(this.mostBytes, this.bytes);
    return logits;
  }

  #goOn(cache: FakeCache, tokens: readonly number[], width: number): Float32Array {
    const isWrong = this.takesOneBehindCache && cache.length > 0 && tokens.length > 1;
    const more = (this.mixesTokens ? tokens.length : 0) + (isWrong ? 1 : 0);
    cache.tokens = [...cache.tokens, ...tokens.map((token) => token + more)];
    cache.width = width;
    const logits = new Float32Array(this.vocabulary);
    logits[FakeDecoder.after(cache.tokens)] = 10;
    return logits;
  }

  #hold(cache: FakeCache): FakeCache {
    for (const each of this.held) if (each.isReleased) this.held.delete(each);
    this.held.add(cache);
    return cache;
  }

  #known(cache: DecoderCache): FakeCache {
    const known = cache as FakeCache;
    if (known.isReleased) throw new Error('a cache that was released is used');
    return known;
  }
}

function ended(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('the run was ended')), { once: true });
  });
}
