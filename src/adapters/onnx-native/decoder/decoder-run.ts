import type { DecoderLayout } from '../../../ports/decoder.ts';
import { addressOf } from '../address-of.ts';
import type { Api } from '../api.ts';
import { createValue } from '../create-value.ts';
import { elementTypes } from '../element-types.ts';
import { type NativeNames, nativeNames } from '../native-names.ts';
import type { Memory, Pointer } from '../native-types.ts';
import { tensorForm } from '../tensor-form.ts';
import type { CacheArrangement } from './cache-form.ts';
import { type DecoderFeed, DecoderInputs } from './decoder-inputs.ts';

/**
 * The runs of a decoder, one after the other. Owns their values but for those of caches, and every buffer that they
 * point into: those of what is fed and of the logits of a step are made once, and stay until `release`, as long as
 * their shapes do. What a step of some milliseconds finds outside of the processor's caches counts.
 *
 * Call `begin`, then `callHere`, or `call` and wait for it; and `end` however it went. The runtime's values of new
 * caches are its own as well until `takePresents`.
 */
export class DecoderRun {
  readonly #api: Api;
  readonly #layout: DecoderLayout;
  readonly #inputNames: NativeNames;
  readonly #outputNames: NativeNames;
  readonly #fed: DecoderInputs;
  readonly #inputs: BigUint64Array;
  readonly #outputs: BigUint64Array;
  #logits: { readonly data: Uint8Array; readonly value: Pointer } | undefined;
  #ownsPresents = false;

  constructor(api: Api, layout: DecoderLayout) {
    const { inputs, caches } = layout;
    this.#api = api;
    this.#layout = layout;
    this.#inputNames = nativeNames([...inputs.keys(), ...caches.map(({ past }) => past)]);
    this.#outputNames = nativeNames(['logits', ...caches.map(({ present }) => present)]);
    this.#fed = new DecoderInputs(api, layout);
    this.#inputs = new BigUint64Array(inputs.size + caches.length);
    this.#outputs = new BigUint64Array(1 + caches.length);
  }

  /** @param logits memory for those of one token of each sequence; undefined: the runtime makes it */
  begin(feed: DecoderFeed, { pasts, presents }: CacheArrangement, logits: Uint8Array | undefined): void {
    this.#fed.feed(feed, this.#inputs);
    this.#inputs.set(pasts, this.#layout.inputs.size);
    if (presents) this.#outputs.set(presents, 1);
    this.#ownsPresents = presents === undefined;
    if (logits) this.#outputs[0] = this.#logitsOf(logits, feed.tokens.length);
  }

  /** Runs on this thread. */
  callHere(session: Pointer): Pointer | null {
    const [given, found] = [this.#inputs, this.#outputs];
    const [names, foundNames] = [this.#inputNames.pointers, this.#outputNames.pointers];
    return this.#api.run(session, null, names, given, given.length, foundNames, found.length, found);
  }

  /** Runs on another thread. The run must be kept until the promise settles: its callback holds it. */
  call(session: Pointer, options: Memory): Promise<Pointer | null> {
    return new Promise((resolve, reject) => {
      this.#api.run.async(
        session,
        options,
        this.#inputNames.pointers,
        this.#inputs,
        this.#inputs.length,
        this.#outputNames.pointers,
        this.#outputs.length,
        this.#outputs,
        (error, status) => (error ? reject(error) : resolve(status)),
      );
    });
  }

  /** Copies the logits of the last token of a run of one sequence, which the runtime made memory for. */
  copyLastLogits(target: Uint8Array): void {
    const value = this.#outputs[0] as Pointer;
    const tokens = tensorForm(this.#api, value).shape[1] as number;
    const last = addressOf(this.#api, value) + BigInt((tokens - 1) * target.length);
    this.#api.memory.copy(target, last, target.length);
  }

  /** The caches that the runtime made; they are the caller's from then on. */
  takePresents(): readonly Pointer[] {
    if (!this.#ownsPresents) return [];
    this.#ownsPresents = false;
    return Array.from(this.#outputs.subarray(1));
  }

  /** Releases what the runtime made and nobody took. */
  end(): void {
    const [logits] = this.#outputs;
    if (logits && logits !== this.#logits?.value) this.#api.releaseValue(logits);
    if (this.#ownsPresents) for (const value of this.#outputs.subarray(1)) if (value) this.#api.releaseValue(value);
    this.#ownsPresents = false;
    this.#outputs.fill(0n);
  }

  /** No run may be under way. */
  release(): void {
    this.#fed.release();
    if (this.#logits) this.#api.releaseValue(this.#logits.value);
    this.#logits = undefined;
  }

  #logitsOf(data: Uint8Array, rows: number): Pointer {
    if (this.#logits?.data === data) return this.#logits.value;
    if (this.#logits) this.#api.releaseValue(this.#logits.value);
    this.#logits = undefined;
    const { vocabulary, logits } = this.#layout;
    const dimensions = BigInt64Array.of(BigInt(rows), 1n, BigInt(vocabulary));
    const value = createValue(this.#api, data, dimensions, elementTypes[logits]);
    this.#logits = { data, value };
    return value;
  }
}
