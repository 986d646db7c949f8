import type { Decoder, DecoderLayout } from '../../ports/decoder.ts';
import type { PlacedTensor, Run, Session, SessionOutput, UnservableOutput } from '../../ports/session.ts';
import { modelUnloaded } from '../../protocol/model-unloaded.ts';
import type { Tensor, TensorKind } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Api } from './api.ts';
import { cancelledRun } from './cancelled-run.ts';
import { check } from './check.ts';
import type { Device } from './device/device.ts';
import { LastingRun } from './lasting-run.ts';
import { NativeRun } from './native-run.ts';
import type { Pointer } from './native-types.ts';
import type { Signature } from './read-signature.ts';
import { runFailure } from './run-failure.ts';
import { RunPlans } from './run-plans.ts';
import { RuntimeError } from './runtime-error.ts';
import type { SessionRun } from './session-run.ts';
import { Termination } from './termination.ts';

const dropped = new FinalizationRegistry<string>((path) => {
  process.emitWarning(`the session of ${path} was dropped without release(): its memory is lost`);
});

// How the runtime refuses the memory given for an output: one text for all nodes, one for those with inner graphs.
const misplacement = /pre-allocated output|shape verification failed/;

/** How a session came to be. */
interface Origin {
  readonly path: string;
  readonly whyNotCuda: string | undefined;
  /** Whether its threads spin as they wait. */
  readonly spins: boolean;
  /** Where values can stay between runs; undefined: all pass through the processor's memory. */
  readonly device: Device | undefined;
}

/** A session of ONNX Runtime, by its C API. Owns the native session until `release`. */
export class NativeSession implements Session {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly unservable: readonly UnservableOutput[];
  readonly dimensionNames: ReadonlyMap<string, readonly string[]>;
  readonly whyNotCuda: string | undefined;
  readonly device: string | undefined;
  readonly #api: Api;
  readonly #session: Pointer;
  readonly #plans: RunPlans;
  readonly #spins: boolean;
  readonly #place: Device | undefined;
  /** Runs whose values stay, by what was asked for. */
  readonly #lasting = new Map<Run, LastingRun>();
  #running = 0;
  #released: Promise<void> | undefined;
  #whenIdle: (() => void) | undefined;
  // Off for good once shapes of outputs prove to depend on more than shapes of inputs.
  #placesOutputs = true;

  constructor(api: Api, session: Pointer, signature: Signature, { path, whyNotCuda, spins, device }: Origin) {
    this.inputs = signature.inputs;
    this.outputs = signature.outputs;
    this.unservable = signature.unservable;
    this.dimensionNames = signature.dimensionNames;
    this.whyNotCuda = whyNotCuda;
    this.device = device?.name;
    this.#place = device;
    this.#spins = spins;
    this.#api = api;
    this.#session = session;
    this.#plans = new RunPlans(signature.outputs);
    dropped.register(this, path, this);
  }

  runSync(run: Run): readonly SessionOutput[] {
    return this.#here(() => {
      try {
        return this.#runHere(run);
      } catch (error) {
        if (!this.#wasMisplaced(error)) throw error;
        return this.#runHere(run);
      }
    });
  }

  async run(run: Run, signal?: AbortSignal): Promise<readonly SessionOutput[]> {
    return this.#underWay(signal, () =>
      this.#runAway(run, signal).catch((error) => {
        if (signal?.aborted || !this.#wasMisplaced(error)) throw error;
        return this.#runAway(run, signal);
      }),
    );
  }

  place(like: TensorKind): PlacedTensor {
    this.#refuseReleased();
    if (!this.#place) throw new Error('the session runs on the processor: there is no memory of a device');
    return this.#place.place(like);
  }

  async openDecoder(layout: DecoderLayout, cacheBytes: number): Promise<Decoder> {
    // Loaded for models that generate text: what a cold start loads counts.
    const { NativeDecoder } = await import('./decoder/native-decoder.ts');
    const work = {
      here: <T>(work: () => T) => this.#here(work),
      away: <T>(signal: AbortSignal | undefined, work: () => Promise<T>) => this.#underWay(signal, work),
    };
    const place = { spins: this.#spins, device: this.#place, cacheBytes };
    return new NativeDecoder(this.#api, this.#session, layout, work, place);
  }

  release(): Promise<void> {
    this.#released ??= this.#free();
    return this.#released;
  }

  /** Does a run at once. */
  #here<T>(work: () => T): T {
    this.#refuseReleased();
    try {
      return work();
    } catch (error) {
      throw runFailure(error);
    }
  }

  /** Does a run, for whose end `release` waits. */
  async #underWay<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    this.#refuseReleased();
    if (signal?.aborted) throw cancelledRun(signal);
    this.#running += 1;
    try {
      return await work();
    } catch (error) {
      throw signal?.aborted ? cancelledRun(signal) : runFailure(error);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#whenIdle?.();
    }
  }

  #begin(run: Run): SessionRun {
    const known = this.#lasting.get(run);
    if (known) return known;
    if (this.#place && staysOn(this.#place, run)) return this.#place.run(this.#session, run);
    const native = new NativeRun(this.#api, this.#session, this.#plans.for(run), run);
    if (!run.lasts) return native;
    const lasting = new LastingRun(native);
    this.#lasting.set(run, lasting);
    return lasting;
  }

  #runHere(run: Run): readonly SessionOutput[] {
    const native = this.#begin(run);
    try {
      native.feed(this.#placesOutputs);
      check(this.#api, native.call());
      return native.outputs();
    } finally {
      native.release();
    }
  }

  async #runAway(run: Run, signal: AbortSignal | undefined): Promise<readonly SessionOutput[]> {
    const native = this.#begin(run);
    const termination = signal && new Termination(this.#api, signal);
    try {
      native.feed(this.#placesOutputs);
      check(this.#api, await native.callAsync(termination?.options ?? null));
      if (signal?.aborted) throw cancelledRun(signal);
      return native.outputs();
    } finally {
      termination?.release();
      native.release();
    }
  }

  /** Whether the runtime refused the memory an output was given, as the output's shape is another than last time. */
  #wasMisplaced(error: unknown): boolean {
    const isMisplaced = error instanceof RuntimeError && misplacement.test(error.message);
    if (isMisplaced) this.#placesOutputs = false;
    return isMisplaced;
  }

  async #free(): Promise<void> {
    dropped.unregister(this);
    if (this.#running > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
    for (const run of this.#lasting.values()) run.end();
    // Freeing a large model takes a while, so that is done on another thread as well.
    await new Promise<void>((resolve) => this.#api.releaseSession.async(this.#session, () => resolve()));
    const { trim } = this.#api.memory;
    if (trim) await new Promise<void>((resolve) => trim.async(0, () => resolve()));
  }

  #refuseReleased(): void {
    if (this.#released) throw modelUnloaded();
  }
}

/** Whether a run takes values that lie on a device, or leaves some there. */
function staysOn({ name }: Device, { stays, inputs, into }: Run): boolean {
  const lies = (tensor: Tensor | undefined) => tensor?.held?.device === name;
  return (stays?.includes(true) ?? false) || inputs.some(lies) || (into?.some(lies) ?? false);
}
