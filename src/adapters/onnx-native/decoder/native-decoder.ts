import { firstLogits } from '../../../graph/first-logits.ts';
import type { Decoder, DecoderCache, DecoderLayout, DecoderStep } from '../../../ports/decoder.ts';
import { elementBytes } from '../../../protocol/element-bytes.ts';
import { modelUnloaded } from '../../../protocol/model-unloaded.ts';
import type { Api } from '../api.ts';
import { cancelledRun } from '../cancelled-run.ts';
import { check } from '../check.ts';
import type { Device } from '../device/device.ts';
import type { Pointer } from '../native-types.ts';
import { sessionNames } from '../session-names.ts';
import { Termination } from '../termination.ts';
import type { CacheArrangement, CacheForm } from './cache-form.ts';
import { CacheMemory } from './cache-memory.ts';
import { DecoderRun } from './decoder-run.ts';
import { HandedOnCaches } from './handed-on-caches.ts';
import { InPlaceCaches } from './in-place-caches.ts';
import { LogitsMemory } from './logits-memory.ts';
import { NativeCache } from './native-cache.ts';
import { StepTimes } from './step-times.ts';

/**
 * A step that takes longer is run on another thread: a hop there and back takes a tenth of a millisecond, or more where
 * processors are busy.
 */
const longestHereMs = 5;
/**
 * Where threads of the model spin as they wait: the thread that is hopped to would have to wait for the processor that
 * one of them has.
 */
const longestBesideSpinningMs = 10;

/** Does runs of the session: at once, or with a promise, for which the session's release waits. */
interface SessionWork {
  here<T>(work: () => T): T;
  away<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;
}

/** What a run was begun with. */
interface BegunRun {
  /** In the order of the steps. */
  readonly caches: readonly NativeCache[];
  readonly arrangement: CacheArrangement;
  readonly added: number;
}

/** Where the session runs. */
interface DecoderPlace {
  /** Whether its threads spin as they wait. */
  readonly spins: boolean;
  /** What caches are to stay on; undefined: they are in the processor's memory. */
  readonly device: Device | undefined;
  /** Bytes that all caches may take. */
  readonly cacheBytes: number;
}

/** A decoder of ONNX Runtime, by its C API: its caches are native values, of which only logits come out. */
export class NativeDecoder implements Decoder {
  readonly vocabulary: number;
  readonly maxPositions: number;
  readonly mostTokens: number;
  readonly #api: Api;
  readonly #session: Pointer;
  readonly #work: SessionWork;
  readonly #memory: CacheMemory;
  readonly #cacheBytes: number;
  readonly #form: CacheForm;
  readonly #logits: LogitsMemory;
  readonly #run: DecoderRun;
  /** The model can be told from which token on to make logits; else it makes those of all. */
  readonly #makesLastLogits: boolean;
  readonly #longestHereMs: number;
  readonly #stepTimes = new StepTimes();
  #isRunning = false;
  #isReleased = false;

  constructor(api: Api, session: Pointer, layout: DecoderLayout, work: SessionWork, place: DecoderPlace) {
    const { caches, vocabulary, maxPositions, inPlace } = layout;
    const { spins, device, cacheBytes } = place;
    this.vocabulary = vocabulary;
    this.maxPositions = maxPositions;
    const tokenBytes = caches.map(({ heads, size, datatype }) => heads * size * elementBytes[datatype]);
    this.mostTokens = Math.min(maxPositions, Math.floor(cacheBytes / tokenBytes.reduce((sum, bytes) => sum + bytes)));
    this.#api = api;
    this.#session = session;
    this.#work = work;
    this.#longestHereMs = spins ? longestBesideSpinningMs : longestHereMs;
    const { sessionGetOverridableInitializerCount: count, sessionGetOverridableInitializerName: name } = api;
    this.#makesLastLogits = sessionNames(api, session, [count, name]).includes(firstLogits);
    this.#run = new DecoderRun(api, this.#makesLastLogits ? withFirstLogits(layout) : layout);
    this.#cacheBytes = cacheBytes;
    this.#memory = new CacheMemory(api, session, device);
    this.#form = inPlace
      ? new InPlaceCaches(this.#memory, caches, this.mostTokens)
      : new HandedOnCaches(this.#memory, caches);
    this.#logits = new LogitsMemory(layout);
  }

  get freeBytes(): number {
    return this.#cacheBytes - this.#memory.bytes;
  }

  open(): DecoderCache {
    return new NativeCache();
  }

  growth(caches: readonly DecoderCache[], tokens: number): number {
    return this.#form.growth(caches as readonly NativeCache[], tokens);
  }

  fork(cache: DecoderCache, length: number): DecoderCache {
    this.#refuseReleased();
    return this.#form.fork(cache as NativeCache, length);
  }

  runShort(steps: readonly DecoderStep[]): readonly Float32Array[] | undefined {
    this.#refuseReleased();
    const isShort = added(steps) === 1 && this.#stepTimes.quickestMs(steps.length) <= this.#longestHereMs;
    if (!isShort) return undefined;
    return this.#work.here(() => {
      try {
        const begun = this.#begin(steps);
        const beganMs = performance.now();
        check(this.#api, this.#run.callHere(this.#session));
        this.#stepTimes.took(steps.length, performance.now() - beganMs);
        return this.#logitsOf(begun);
      } finally {
        this.#end();
      }
    });
  }

  run(steps: readonly DecoderStep[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
    return this.#work.away(signal, async () => {
      this.#refuseReleased();
      try {
        const begun = this.#begin(steps);
        const beganMs = performance.now();
        await this.#callAway(signal);
        if (begun.added === 1) this.#stepTimes.took(steps.length, performance.now() - beganMs);
        return this.#logitsOf(begun);
      } finally {
        this.#end();
      }
    });
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (!this.#isRunning) this.#free();
  }

  #free(): void {
    this.#run.release();
    this.#form.release();
    this.#memory.close();
  }

  #refuseReleased(): void {
    if (this.#isReleased) throw modelUnloaded();
  }

  #begin(steps: readonly DecoderStep[]): BegunRun {
    this.#isRunning = true;
    const caches = steps.map(({ cache }) => cache as NativeCache);
    const tokens = added(steps);
    const arrangement = this.#form.arrange(caches, tokens);
    const { rows } = arrangement;
    const feed = {
      tokens: rows.map((cache) => (steps[caches.indexOf(cache)] as DecoderStep).tokens),
      lengths: rows.map(({ length }) => length),
      places: arrangement.tokens,
      alignment: this.#form.alignment,
    };
    const logits = this.#logits.place(rows.length);
    this.#run.begin(feed, arrangement, this.#makesLastLogits || tokens === 1 ? logits : undefined);
    return { caches, arrangement, added: tokens };
  }

  /** The logits of each sequence's last token; its cache holds the new tokens from then on. */
  #logitsOf({ caches, arrangement, added }: BegunRun): readonly Float32Array[] {
    const { rows } = arrangement;
    if (added > 1 && !this.#makesLastLogits) this.#run.copyLastLogits(this.#logits.place(1));
    this.#form.accept(arrangement, added, this.#run.takePresents());
    for (const cache of rows) cache.length += added;
    const logits = this.#logits.rows();
    return caches.map((cache) => logits[rows.indexOf(cache)] as Float32Array);
  }

  #end(): void {
    this.#run.end();
    this.#isRunning = false;
    if (this.#isReleased) this.#free();
  }

  async #callAway(signal: AbortSignal | undefined): Promise<void> {
    const termination = signal && new Termination(this.#api, signal);
    try {
      check(this.#api, await this.#run.call(this.#session, termination?.options ?? null));
      if (signal?.aborted) throw cancelledRun(signal);
    } finally {
      termination?.release();
    }
  }
}

function withFirstLogits(layout: DecoderLayout): DecoderLayout {
  return { ...layout, inputs: new Map([...layout.inputs, [firstLogits, 'INT64']]) };
}

/** New tokens of each sequence, as many for all. */
function added(steps: readonly DecoderStep[]): number {
  return steps[0]?.tokens.length ?? 0;
}
