import type { Decoder, DecoderCache, DecoderLayout, DecoderStep } from '../../../ports/decoder.ts';
import { elementBytes } from '../../../protocol/element-bytes.ts';
import type { Api } from '../api.ts';
import { cancelledRun } from '../cancelled-run.ts';
import { check } from '../check.ts';
import type { Device } from '../device/device.ts';
import { elementTypes } from '../element-types.ts';
import type { Pointer } from '../native-types.ts';
import { Termination } from '../termination.ts';
import type { CacheForm } from './cache-form.ts';
import { CacheMemory } from './cache-memory.ts';
import { decoderInputs } from './decoder-inputs.ts';
import { DecoderNames, DecoderRun } from './decoder-run.ts';
import { HandedOnCaches } from './handed-on-caches.ts';
import { InPlaceCaches } from './in-place-caches.ts';
import { LogitsMemory } from './logits-memory.ts';
import { NativeCache } from './native-cache.ts';

/** A step that takes longer is run on another thread: a hop there and back takes a tenth of a millisecond, or more where processors are busy. */
const longestHereMs = 2;
/** Where threads of the model spin as they wait: the thread that is hopped to would have to wait for the processor that one of them has. */
const longestBesideSpinningMs = 10;

/** Does a run of the session, whose release waits for its end. */
type UnderWay = <T>(signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;

/** Where the session runs. */
interface DecoderPlace {
  /** Whether its threads spin as they wait. */
  readonly spins: boolean;
  /** What caches are to stay on; undefined: they are in the processor's memory. */
  readonly device: Device | undefined;
}

/** A decoder of ONNX Runtime, by its C API: its caches are native values, of which only logits come out. */
export class NativeDecoder implements Decoder {
  readonly vocabulary: number;
  readonly maxPositions: number;
  readonly bytesPerToken: number;
  readonly #api: Api;
  readonly #session: Pointer;
  readonly #layout: DecoderLayout;
  readonly #underWay: UnderWay;
  readonly #names: DecoderNames;
  readonly #memory: CacheMemory;
  readonly #form: CacheForm;
  readonly #logits: LogitsMemory;
  readonly #longestHereMs: number;
  /** How long the last step took, by sequences in it. */
  readonly #stepMs = new Map<number, number>();

  constructor(api: Api, session: Pointer, layout: DecoderLayout, underWay: UnderWay, { spins, device }: DecoderPlace) {
    const { caches, vocabulary, maxPositions, inPlace } = layout;
    this.vocabulary = vocabulary;
    this.maxPositions = maxPositions;
    this.bytesPerToken = caches.reduce(
      (sum, { heads, size, datatype }) => sum + heads * size * elementBytes[datatype],
      0,
    );
    this.#api = api;
    this.#session = session;
    this.#layout = layout;
    this.#underWay = underWay;
    this.#longestHereMs = spins ? longestBesideSpinningMs : longestHereMs;
    this.#names = new DecoderNames(layout);
    this.#memory = new CacheMemory(api, session, device);
    this.#form = inPlace
      ? new InPlaceCaches(this.#memory, caches, maxPositions)
      : new HandedOnCaches(this.#memory, caches);
    this.#logits = new LogitsMemory(layout);
  }

  open(): DecoderCache {
    return new NativeCache();
  }

  fork(cache: DecoderCache, length: number): DecoderCache {
    return this.#form.fork(cache as NativeCache, length);
  }

  run(steps: readonly DecoderStep[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#underWay(signal, () => this.#run(steps, signal));
  }

  release(): void {
    this.#form.release();
    this.#memory.close();
  }

  async #run(steps: readonly DecoderStep[], signal: AbortSignal | undefined): Promise<readonly Float32Array[]> {
    const caches = steps.map(({ cache }) => cache as NativeCache);
    const added = steps[0]?.tokens.length ?? 0;
    const arrangement = this.#form.arrange(caches, added);
    const { rows, tokens: places } = arrangement;
    const byCache = new Map(steps.map((step) => [step.cache as NativeCache, step.tokens]));
    const feed = {
      tokens: rows.map((cache) => byCache.get(cache) as readonly number[]),
      lengths: rows.map(({ length }) => length),
      places,
      alignment: this.#form.alignment,
    };
    const run = new DecoderRun(this.#api, this.#names, decoderInputs(this.#layout, feed), arrangement);
    try {
      this.#feed(run, rows.length, added);
      await this.#call(run, added === 1 ? rows.length : 0, signal);
      if (added > 1) run.copyLastLogits(this.#logits.place(1));
      this.#form.accept(arrangement, added, run.takePresents());
    } finally {
      run.release();
    }
    for (const cache of rows) cache.length += added;
    const logits = this.#logits.rows(rows.length);
    return caches.map((cache) => logits[rows.indexOf(cache)] as Float32Array);
  }

  /** @param stepRows sequences of a step; 0: it is no step, but reads a prompt */
  async #call(run: DecoderRun, stepRows: number, signal: AbortSignal | undefined): Promise<void> {
    const beganMs = performance.now();
    if ((this.#stepMs.get(stepRows) ?? Number.POSITIVE_INFINITY) <= this.#longestHereMs) {
      check(this.#api, run.callHere(this.#session));
    } else await this.#callAway(run, signal);
    if (stepRows > 0) this.#stepMs.set(stepRows, performance.now() - beganMs);
  }

  async #callAway(run: DecoderRun, signal: AbortSignal | undefined): Promise<void> {
    const termination = signal && new Termination(this.#api, signal);
    try {
      check(this.#api, await run.call(this.#session, termination?.options ?? null));
      if (signal?.aborted) throw cancelledRun(signal);
    } finally {
      termination?.release();
    }
  }

  /** The logits of one token for each sequence are written where they are read; of a prompt's, the runtime makes those of all tokens. */
  #feed(run: DecoderRun, rows: number, added: number): void {
    const { vocabulary, logits } = this.#layout;
    const shape = [rows, 1, vocabulary];
    run.feed(added > 1 ? undefined : { data: this.#logits.place(rows), shape, elementType: elementTypes[logits] });
  }
}
