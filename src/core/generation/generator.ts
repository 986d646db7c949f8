import type { Clock } from '../../ports/clock.ts';
import type { Decoder, DecoderCache, DecoderStep } from '../../ports/decoder.ts';
import type { Timers } from '../../ports/timers.ts';
import { modelUnloaded } from '../../protocol/model-unloaded.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { WatchedRun } from '../batching/watch-run.ts';
import type { RunQueue, RunSource } from '../run-queue.ts';
import { Admission, type AdmissionOptions } from './admission.ts';
import { checkPrompt } from './check-prompt.ts';
import type { GenerationSettings } from './generation.ts';
import { PromptPieces } from './prompt-pieces.ts';
import { Sequence } from './sequence.ts';
import { StepGroups } from './step-groups.ts';
import type { TokenCounts } from './token-counts.ts';
import { TokenStream } from './token-stream.ts';

export interface GeneratorOptions extends AdmissionOptions {
  /** Texts are always read in pieces of so many tokens, as of `PromptPieces`. */
  readonly pieceTokens: number | undefined;
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

/**
 * Goes on with prompts by one decoder, several at once: all take one token further, together where that is not slower
 * than in groups, and between these runs prompts that came meanwhile are read, in pieces, so that nobody waits for
 * long. After each run the event loop turns once, so that what was found leaves before more is looked for; and runs
 * take their turns with those of other models.
 *
 * Who has a cache, and who waits for one, is its admission's to say.
 */
export class Generator implements RunSource {
  readonly runsAtOnce = 1;
  // It asks anew after each run, once the event loop has turned.
  readonly isWaiting = false;
  readonly #decoder: Decoder;
  readonly #turns: RunQueue;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #options: GeneratorOptions;
  readonly #groups: StepGroups<Sequence>;
  readonly #pieces: PromptPieces;
  readonly #admission: Admission;
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
    this.#pieces = new PromptPieces(options.pieceTokens);
    this.#admission = new Admission(decoder, options, this.#pieces);
  }

  /** As `Generate`; the work begins with the first token that is asked for. */
  generate(prompt: readonly number[], settings: GenerationSettings, signal: AbortSignal): TokenStream {
    const sequence = new Sequence(prompt, settings, this.#decoder.mostTokens, this.#clock.now());
    const stream = new TokenStream(sequence, signal, {
      begin: () => this.#add(sequence),
      leave: () => this.#leave(sequence),
      answered: (tokens) => this.#options.onText?.(prompt.length, tokens),
    });
    return stream;
  }

  /** Whether anybody waits for tokens. */
  get isBusy(): boolean {
    return this.#admission.waiting.length + this.#admission.admitted.length > 0;
  }

  /** Lets go of all caches. Nothing may be under way. */
  close(): void {
    this.#isClosed = true;
    this.#admission.close();
    this.#decoder.release();
  }

  beginRun(ended: () => void): boolean {
    this.#isAsking = false;
    this.#options.counts.found += this.#admission.admit();
    let job = this.#nextJob();
    while (job) {
      const isBesideOthers = this.#generating().length > 0;
      const steps = job.map((sequence) => ({
        cache: sequence.cache as DecoderCache,
        tokens: this.#pieces.next(sequence, isBesideOthers),
      }));
      if (this.#admission.makeRoomFor(steps)) {
        void this.#run(job, steps).then(ended);
        return true;
      }
      const last = this.#admission.turnAwayLast();
      const staying = job.filter((sequence) => sequence !== last);
      job = staying.length > 0 ? staying : this.#nextJob();
    }
    return false;
  }

  /** Throws where the prompt cannot be gone on with. */
  #add(sequence: Sequence): void {
    checkPrompt(sequence.tokens, this.#decoder);
    const { maxWaiting } = this.#options;
    if (this.#isClosed) throw modelUnloaded();
    if (this.#admission.waiting.length >= maxWaiting) {
      const message = `the model is busy: ${maxWaiting} prompts wait for it already; try again later`;
      throw new ServiceError(503, message, { retryAfterSeconds: 1 });
    }
    this.#admission.add(sequence);
    this.#ask();
  }

  /** Ends the work for a sequence at once; what a run under way holds is let go of when that has ended. */
  #leave(sequence: Sequence): void {
    sequence.end();
    if (this.#running.includes(sequence)) {
      if (this.#running.every(({ hasEnded }) => hasEnded)) this.#ending.abort();
    } else this.#admission.remove(sequence);
  }

  #ask(): void {
    if (this.#isAsking || this.#running.length > 0 || !this.isBusy) return;
    this.#isAsking = true;
    this.#turns.ask(this);
  }

  /** Those of the next run: one whose prompt is read, in turns with all whose prompt has been. */
  #nextJob(): readonly Sequence[] | undefined {
    const reading = this.#admission.admitted.find(({ pending }) => pending > 1);
    const generating = this.#generating();
    if (reading && (generating.length === 0 || !this.#wasPrompt)) return [reading];
    return generating.length > 0 ? this.#groups.next(generating) : undefined;
  }

  /** Those that wait for their next token alone. */
  #generating(): readonly Sequence[] {
    return this.#admission.admitted.filter(({ pending }) => pending === 1);
  }

  async #run(job: readonly Sequence[], steps: readonly DecoderStep[]): Promise<void> {
    this.#running = job;
    if (this.#ending.signal.aborted) this.#ending = new AbortController();
    this.#wasPrompt = job.some(({ pending }) => pending > 1);
    const beganMs = this.#clock.now();
    for (const sequence of job) sequence.beganMs ??= beganMs;
    const fail = (error: unknown) => {
      for (const sequence of job) sequence.end(error);
    };
    try {
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
    for (const sequence of job) if (sequence.hasEnded) this.#admission.remove(sequence);
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
