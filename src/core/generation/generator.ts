import type { Clock } from '../../ports/clock.ts';
import type { Decoder, DecoderStep } from '../../ports/decoder.ts';
import type { Timers } from '../../ports/timers.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { WatchedRun } from '../batching/watch-run.ts';
import type { RunQueue, RunSource } from '../run-queue.ts';
import { checkPrompt } from './check-prompt.ts';
import type { GenerationSettings } from './generation.ts';
import { PrefixCache } from './prefix-cache.ts';
import { Sequence } from './sequence.ts';
import { StepGroups } from './step-groups.ts';
import type { TokenCounts } from './token-counts.ts';
import { TokenStream } from './token-stream.ts';

export interface GeneratorOptions {
  /** Bytes of all caches together. */
  readonly cacheBytes: number;
  /** Sequences that share runs, at most. */
  readonly maxSequences: number;
  /** Sequences under way share runs, else each takes its steps alone, in turns with the others. */
  readonly sharesRuns: boolean;
  /** Prompts that may wait for room; a further one is refused. */
  readonly maxWaiting: number;
  /** Hears of each run: sequences that shared it, and how long it took. */
  readonly onRun?: (sequences: number, ms: number) => void;
  /** Hears of each text that was generated to its end, by the tokens of its prompt and of itself. */
  readonly onText?: ((promptTokens: number, answerTokens: number) => void) | undefined;
  /** Watches a run, which is given up where it does not end in time. @default runs go on until they end */
  readonly watch?: (giveUp: (error: ServiceError) => void) => WatchedRun;
  /** Counts go up as tokens are read, found and generated. */
  readonly counts: TokenCounts;
}

/** Tokens of a prompt that one run takes: as long as others wait for their next token, and else. */
const sharedChunk = 64;
const wholeChunk = 512;
/** Tokens that a sequence must have room for beside those that it has, so that it is not turned away again at once. */
const roomToGrow = 32;

/**
 * Goes on with prompts by one decoder, several at once: all take one token further, together where that is not slower
 * than in groups, and between these runs prompts that came meanwhile are read, in pieces, so that nobody waits for
 * long. After each run the event loop turns once, so that what was found leaves before more is looked for; and runs
 * take their turns with those of other models.
 *
 * Caches have a budget. Who finds no room waits; where those under way outgrow it, the one that came last waits again,
 * and its tokens are read anew. Caches of sequences that have ended are kept as long as nobody needs the room.
 */
export class Generator implements RunSource {
  readonly runsAtOnce = 1;
  // It asks anew after each run, once the event loop has turned.
  readonly isWaiting = false;
  /** Tokens that a prompt and what it is gone on with may have together. */
  readonly mostTokens: number;
  readonly #decoder: Decoder;
  readonly #turns: RunQueue;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #options: GeneratorOptions;
  readonly #kept = new PrefixCache();
  readonly #groups: StepGroups<Sequence>;
  /** Without a cache, first come first. */
  readonly #waiting: Sequence[] = [];
  /** With one, in the order in which they got it. */
  readonly #admitted: Sequence[] = [];
  #running: readonly Sequence[] = [];
  #ending = new AbortController();
  #isAsking = false;
  #wasPrompt = false;
  #isClosed = false;

  constructor(decoder: Decoder, turns: RunQueue, clock: Clock, timers: Timers, options: GeneratorOptions) {
    this.#decoder = decoder;
    this.#turns = turns;
    this.#clock = clock;
    this.#timers = timers;
    this.#options = options;
    this.#groups = new StepGroups(options.sharesRuns);
    this.mostTokens = Math.min(decoder.maxPositions, Math.floor(options.cacheBytes / decoder.bytesPerToken));
  }

  /** As `Generate`; the work begins with the first token that is asked for. */
  generate(prompt: readonly number[], settings: GenerationSettings, signal: AbortSignal): TokenStream {
    const sequence = new Sequence(prompt, settings, this.mostTokens, this.#clock.now());
    const stream = new TokenStream(sequence, signal, {
      begin: () => this.#add(sequence),
      leave: () => this.#leave(sequence),
      answered: (tokens) => this.#options.onText?.(prompt.length, tokens),
    });
    return stream;
  }

  /** Whether anybody waits for tokens. */
  get isBusy(): boolean {
    return this.#waiting.length + this.#admitted.length > 0;
  }

  /** Lets go of all caches. Nothing may be under way. */
  close(): void {
    this.#isClosed = true;
    while (this.#kept.dropOldest());
    this.#decoder.release();
  }

  beginRun(ended: () => void): boolean {
    this.#isAsking = false;
    this.#admit();
    const job = this.#nextJob();
    if (job) void this.#run(job).then(ended);
    return job !== undefined;
  }

  /** Throws where the prompt cannot be gone on with. */
  #add(sequence: Sequence): void {
    checkPrompt(sequence.tokens, { decoder: this.#decoder, mostTokens: this.mostTokens });
    const { maxWaiting } = this.#options;
    if (this.#isClosed) throw new ServiceError(503, 'the model was unloaded', { retryAfterSeconds: 1 });
    if (this.#waiting.length >= maxWaiting) {
      const message = `the model is busy: ${maxWaiting} prompts wait for it already; try again later`;
      throw new ServiceError(503, message, { retryAfterSeconds: 1 });
    }
    this.#waiting.push(sequence);
    this.#ask();
  }

  /** Ends the work for a sequence at once; what a run under way holds is let go of when that has ended. */
  #leave(sequence: Sequence): void {
    sequence.end();
    if (this.#running.includes(sequence)) {
      if (this.#running.every(({ hasEnded }) => hasEnded)) this.#ending.abort();
    } else this.#remove(sequence);
  }

  #remove(sequence: Sequence): void {
    remove(this.#waiting, sequence);
    remove(this.#admitted, sequence);
    const { cache, tokens } = sequence;
    sequence.cache = undefined;
    if (cache) this.#kept.keep(tokens.slice(0, cache.length), cache);
  }

  #ask(): void {
    if (this.#isAsking || this.#running.length > 0 || !this.isBusy) return;
    this.#isAsking = true;
    this.#turns.ask(this);
  }

  /** Gives caches to those that wait, as long as there is room. */
  #admit(): void {
    const { maxSequences } = this.#options;
    for (let [first] = this.#waiting; first && this.#admitted.length < maxSequences; [first] = this.#waiting) {
      const fork = (...how: Parameters<Decoder['fork']>) => this.#decoder.fork(...how);
      const underWay = this.#admitted.flatMap(({ tokens, cache }) => (cache ? [{ tokens, cache }] : []));
      const known = this.#kept.take(first.tokens, underWay, fork);
      const growing = roomToGrow * (this.#admitted.length + 1);
      const wanted = (first.tokens.length - (known?.length ?? 0) + growing) * this.#decoder.bytesPerToken;
      if (!this.#makeRoom(wanted + (known?.bytes ?? 0)) && this.#admitted.length > 0) {
        if (known) this.#kept.keep(first.tokens.slice(0, known.length), known);
        return;
      }
      first.cache = known ?? this.#decoder.open();
      this.#options.counts.found += first.cache.length;
      this.#waiting.shift();
      this.#admitted.push(first);
    }
  }

  /** Lets go of kept caches until `bytes` more fit; false where they do not even so. */
  #makeRoom(bytes: number): boolean {
    const { bytesPerToken } = this.#decoder;
    // Who is being read will have at least as much as its prompt takes.
    const bytesOf = ({ cache, tokens }: Sequence) => Math.max(cache?.bytes ?? 0, tokens.length * bytesPerToken);
    const used = () => this.#admitted.reduce((sum, sequence) => sum + bytesOf(sequence), 0) + this.#kept.bytes;
    while (used() + bytes > this.#options.cacheBytes) if (!this.#kept.dropOldest()) return false;
    return true;
  }

  /** Those of the next run: one whose prompt is read, in turns with all whose prompt has been. */
  #nextJob(): readonly Sequence[] | undefined {
    const reading = this.#admitted.find(({ pending }) => pending > 1);
    const generating = this.#admitted.filter(({ pending }) => pending === 1);
    if (reading && (generating.length === 0 || !this.#wasPrompt)) return [reading];
    if (generating.length === 0) return undefined;
    const hasRoom = this.#makeRoom(generating.length * this.#decoder.bytesPerToken);
    if (hasRoom || this.#admitted.length === 1) return this.#groups.next(generating);
    this.#turnAway(this.#admitted.at(-1) as Sequence);
    return this.#nextJob();
  }

  /** Lets a sequence wait for room again, in front of the others. */
  #turnAway(sequence: Sequence): void {
    remove(this.#admitted, sequence);
    sequence.cache?.release();
    sequence.cache = undefined;
    this.#waiting.unshift(sequence);
  }

  async #run(job: readonly Sequence[]): Promise<void> {
    this.#running = job;
    if (this.#ending.signal.aborted) this.#ending = new AbortController();
    this.#wasPrompt = job.some(({ pending }) => pending > 1);
    const beganMs = this.#clock.now();
    for (const sequence of job) sequence.beganMs ??= beganMs;
    const fail = (error: unknown) => {
      for (const sequence of job) sequence.end(error);
    };
    try {
      const steps = job.map((sequence) => this.#step(sequence));
      // While the model runs.
      const preparing = job.some(({ settings }) => settings.constraint) ? prepare(job) : undefined;
      const logits = this.#decoder.runShort(steps) ?? (await this.#runWatched(steps, fail));
      const ms = this.#clock.now() - beganMs;
      if (!this.#wasPrompt) this.#groups.took(job.length, ms);
      this.#options.onRun?.(job.length, ms);
      if (preparing) await preparing;
      for (const [index, sequence] of job.entries()) this.#take(sequence, logits[index] as Float32Array);
    } catch (error) {
      fail(error);
    }
    this.#running = [];
    for (const sequence of job) if (sequence.hasEnded) this.#remove(sequence);
    this.#timers.afterTurn(() => this.#ask());
  }

  async #runWatched(steps: readonly DecoderStep[], fail: (error: unknown) => void): Promise<readonly Float32Array[]> {
    const watch = this.#options.watch?.((error) => {
      fail(error);
      this.#ending.abort();
    });
    try {
      return await this.#decoder.run(steps, this.#ending.signal);
    } finally {
      watch?.end();
    }
  }

  /** Chooses the next token where the prompt has been read to its end; an error is that sequence's alone. */
  #take(sequence: Sequence, logits: Float32Array): void {
    if (sequence.pending > 0 || sequence.hasEnded) return;
    const { counts } = this.#options;
    try {
      if (sequence.tokens.length === sequence.promptLength) counts.prompt += sequence.promptLength;
      sequence.take(logits);
      counts.generated += 1;
    } catch (error) {
      sequence.end(error);
    }
  }

  #step({ cache, tokens, pending }: Sequence): DecoderStep {
    const known = cache as NonNullable<typeof cache>;
    const chunk = this.#admitted.length > 1 ? sharedChunk : wholeChunk;
    return { cache: known, tokens: tokens.slice(known.length, known.length + Math.min(pending, chunk)) };
  }
}

/**
 * Makes ready what each is held to, one after the other: together they would hold the event loop for as long as all of
 * them.
 */
async function prepare(job: readonly Sequence[]): Promise<void> {
  for (const { settings } of job) {
    try {
      await settings.constraint?.prepare?.();
    } catch {
      // It fails again, for this sequence alone, as its token is chosen.
    }
  }
}

function remove(sequences: Sequence[], sequence: Sequence): void {
  const index = sequences.indexOf(sequence);
  if (index >= 0) sequences.splice(index, 1);
}
