import type { DecoderCache } from '../../ports/decoder.ts';
import type { GeneratedToken, GenerationSettings } from './generation.ts';
import { Sampler } from './sampling/sampler.ts';

/** Something to wait for: what `next` gave, once there is a token, none any more, or an error. */
type Waiting = PromiseWithResolvers<IteratorResult<GeneratedToken, void>>;

/**
 * One prompt and what it was gone on with: its tokens, its cache while it has one, and the tokens that its caller did
 * not take yet.
 */
export class Sequence {
  /** Of the prompt, and those that were generated. */
  readonly tokens: number[];
  readonly promptLength: number;
  readonly settings: GenerationSettings;
  /** When it was asked for, and when its first run began. */
  readonly askedMs: number;
  beganMs: number | undefined;
  /** Holds the first of `tokens`; undefined while it waits for room. */
  cache: DecoderCache | undefined;
  /** While it waits: who reads its beginning for it, and how many tokens of it. */
  awaited: { readonly reader: Sequence; readonly tokens: number } | undefined;
  readonly #sampler: Sampler;
  readonly #ready: GeneratedToken[] = [];
  readonly #mostTokens: number;
  readonly #waiting: Waiting[] = [];
  #ended: { readonly error?: unknown } | undefined;

  /** @param mostTokens of the prompt and what is generated, together */
  constructor(prompt: readonly number[], settings: GenerationSettings, mostTokens: number, askedMs: number) {
    this.tokens = [...prompt];
    this.promptLength = prompt.length;
    this.settings = settings;
    this.askedMs = askedMs;
    this.#mostTokens = mostTokens;
    this.#sampler = new Sampler(prompt, settings);
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Tokens that its cache does not hold yet. */
  get pending(): number {
    return this.tokens.length - (this.cache?.length ?? 0);
  }

  /** Chooses the token that comes next and hands it on. */
  take(logits: Float32Array): void {
    const chosen = this.#sampler.choose(logits);
    this.tokens.push(chosen.token);
    const finish = this.#finish(chosen.token);
    this.#ready.push(finish ? { ...chosen, finish } : chosen);
    if (finish) this.end();
    this.#handOn();
  }

  /** The next token, as soon as it is known; none once there are no more. Rejects with what ended it. */
  next(): Promise<IteratorResult<GeneratedToken, void>> {
    const waiting: Waiting = Promise.withResolvers();
    this.#waiting.push(waiting);
    this.#handOn();
    return waiting.promise;
  }

  /** Ends it: what waits gets `error`, once the tokens that there are were taken, or is told that there are no more. */
  end(error?: unknown): void {
    if (this.#ended) return;
    this.#ended = error === undefined ? {} : { error };
    this.settings.constraint?.release();
    this.#handOn();
  }

  #handOn(): void {
    while (this.#waiting.length > 0 && (this.#ready.length > 0 || this.#ended)) {
      const waiting = this.#waiting.shift() as Waiting;
      const value = this.#ready.shift();
      const error = value ? undefined : this.#ended?.error;
      if (error !== undefined) {
        // Told once, as a generator does.
        this.#ended = {};
        waiting.reject(error);
      } else waiting.resolve(value ? { done: false, value } : { done: true, value: undefined });
    }
  }

  #finish(token: number): GeneratedToken['finish'] {
    if (this.settings.endTokens.includes(token)) return 'stop';
    const generated = this.tokens.length - this.promptLength;
    return generated >= this.settings.maxTokens || this.tokens.length >= this.#mostTokens ? 'length' : undefined;
  }
}
