import type { Decoder, DecoderCache, DecoderStep } from '../../ports/decoder.ts';
import { commonLength } from './common-length.ts';
import { type KnownBeginning, leastShared, PrefixCache, type SharedCache } from './prefix-cache.ts';
import type { PromptPieces } from './prompt-pieces.ts';
import type { Sequence } from './sequence.ts';

export interface AdmissionOptions {
  /** Sequences that have a cache at once, at most. */
  readonly maxSequences: number;
  /** Those that have one run together, else each alone. */
  readonly sharesRuns: boolean;
}

/** Tokens that a sequence must have room for beside those that it has, so that it is not turned away again at once. */
const roomToGrow = 32;

/**
 * Says which sequences have a cache, and which wait for one, in the order in which they came; keeps caches of those
 * that have ended as long as nobody needs the room.
 *
 * A sequence is admitted where there is room for all that have a cache, once their prompts are read, and for some
 * tokens more of each. Before each run there has to be room for what it makes: where there is none the one that came
 * last waits again, and its tokens are read anew. Once somebody found no room, nobody is admitted before another has
 * ended: room that only comes and goes would have tokens read over and over.
 *
 * Who begins as a prompt does that is being read waits until that much is read, and copies it.
 */
export class Admission {
  readonly #decoder: Decoder;
  readonly #options: AdmissionOptions;
  readonly #pieces: PromptPieces;
  readonly #kept: PrefixCache;
  /** To ask for the room of one that has none yet. */
  readonly #empty: DecoderCache;
  readonly #waiting: Sequence[] = [];
  readonly #admitted: Sequence[] = [];
  /** Somebody found no room, and nobody has ended since. */
  #isFull = false;

  constructor(decoder: Decoder, options: AdmissionOptions, pieces: PromptPieces) {
    this.#decoder = decoder;
    this.#options = options;
    this.#pieces = pieces;
    this.#kept = new PrefixCache(pieces);
    this.#empty = decoder.open();
  }

  /** Without a cache, first come first. */
  get waiting(): readonly Sequence[] {
    return this.#waiting;
  }

  /** With one, in the order in which they got it. */
  get admitted(): readonly Sequence[] {
    return this.#admitted;
  }

  add(sequence: Sequence): void {
    this.#waiting.push(sequence);
  }

  /** Gives caches to those that wait, as long as there is room. Returns how many tokens these hold already. */
  admit(): number {
    let found = 0;
    for (const sequence of [...this.#waiting]) {
      if (this.#isFull || this.#admitted.length >= this.#options.maxSequences) break;
      if (this.#awaitsReading(sequence)) continue;
      sequence.cache = this.#cacheFor(sequence);
      if (sequence.cache) {
        found += sequence.cache.length;
        remove(this.#waiting, sequence);
        this.#admitted.push(sequence);
      } else this.#isFull = true;
    }
    return found;
  }

  /** Makes room for what a run makes, of kept caches; false where there is none even so, and somebody to turn away. */
  makeRoomFor(steps: readonly DecoderStep[]): boolean {
    const caches = steps.map(({ cache }) => cache);
    const longest = Math.max(...steps.map(({ cache, tokens }) => cache.length + tokens.length));
    return this.#makeRoom(() => this.#decoder.growth(caches, longest)) || this.#admitted.length === 1;
  }

  /** Lets the one that was admitted last wait for room again, in front of the others. */
  turnAwayLast(): Sequence {
    const last = this.#admitted.pop() as Sequence;
    last.cache?.release();
    last.cache = undefined;
    this.#waiting.unshift(last);
    this.#isFull = true;
    return last;
  }

  /** For one that has ended. */
  remove(sequence: Sequence): void {
    remove(this.#waiting, sequence);
    remove(this.#admitted, sequence);
    this.#isFull = false;
    const { cache } = sequence;
    sequence.cache = undefined;
    if (cache) this.#kept.keep(this.#pieces.lasting(sequence).slice(0, cache.length), cache);
  }

  /** Lets go of all caches; nobody may have one. */
  close(): void {
    while (this.#kept.dropOldest());
    this.#empty.release();
  }

  /** A cache of what there is of a sequence already; undefined where there is no room for it. */
  #cacheFor(sequence: Sequence): DecoderCache | undefined {
    const known = this.#kept.find(sequence.tokens, this.#underWay());
    const isWhole = known?.isKept && known.length === known.entry.cache.length;
    const fits = (cache: DecoderCache) => this.#makeRoom(() => this.#growthWith(cache, sequence), known);
    if (!isWhole && fits(this.#empty)) {
      return known ? this.#decoder.fork(known.entry.cache, known.length) : this.#decoder.open();
    }
    const isAlone = this.#admitted.length === 0;
    if (!known?.isKept || !(fits(known.entry.cache) || isAlone)) return isAlone ? this.#decoder.open() : undefined;
    const cache = this.#kept.take(known);
    if (isWhole) return cache;
    // There is no room for both.
    const cut = this.#decoder.fork(cache, known.length);
    cache.release();
    return cut;
  }

  /** What all would take more with a sequence in this cache: as it is read, apart from the others, and then with them. */
  #growthWith(cache: DecoderCache, { tokens }: Sequence): number {
    const caches = [...this.#admitted.map((sequence) => sequence.cache as DecoderCache), cache];
    const lengths = [...this.#admitted.map((sequence) => sequence.tokens.length), tokens.length];
    const growth = (of: readonly DecoderCache[], length: number) =>
      this.#decoder.growth(of, Math.min(length + roomToGrow, this.#decoder.mostTokens));
    if (this.#options.sharesRuns) return Math.max(growth([cache], tokens.length), growth(caches, Math.max(...lengths)));
    return caches.reduce((sum, each, index) => sum + growth([each], lengths[index] as number), 0);
  }

  /** Lets go of kept caches until there is room for what a run makes, but for `wanted`; false where there is none. */
  #makeRoom(growth: () => number, wanted?: KnownBeginning): boolean {
    while (growth() > this.#decoder.freeBytes) if (!this.#kept.dropOldest(wanted)) return false;
    return true;
  }

  /** Whether more of its beginning is being read than there is yet. */
  #awaitsReading(sequence: Sequence): boolean {
    const { awaited, tokens } = sequence;
    if (awaited && this.#isToCome(awaited)) return true;
    sequence.awaited = undefined;
    let longest = 0;
    for (const reader of this.#admitted) {
      const common = Math.min(commonLength(this.#pieces.lasting(reader), tokens), tokens.length - 1);
      const reading = { reader, tokens: this.#pieces.shared(common) };
      if (reading.tokens <= longest || !this.#isToCome(reading)) continue;
      longest = reading.tokens;
      sequence.awaited = reading;
    }
    if (!sequence.awaited) return false;
    const known = this.#kept.find(tokens, this.#underWay())?.length ?? 0;
    if (longest - known < leastShared) sequence.awaited = undefined;
    return sequence.awaited !== undefined;
  }

  #isToCome({ reader, tokens }: NonNullable<Sequence['awaited']>): boolean {
    return reader.cache !== undefined && reader.cache.length < tokens;
  }

  #underWay(): readonly SharedCache[] {
    return this.#admitted.map((sequence) => ({
      tokens: this.#pieces.lasting(sequence),
      cache: sequence.cache as DecoderCache,
    }));
  }
}

function remove(sequences: Sequence[], sequence: Sequence): void {
  const index = sequences.indexOf(sequence);
  if (index >= 0) sequences.splice(index, 1);
}
