import type { DecoderLayout } from '../../../ports/decoder.ts';
import type { Api } from '../api.ts';
import { check } from '../check.ts';
import { elementTypes } from '../element-types.ts';
import { type NativeNames, nativeNames } from '../native-names.ts';
import type { Memory, Pointer } from '../native-types.ts';
import { readShape } from '../read-shape.ts';
import type { CacheArrangement } from './cache-form.ts';
import type { DecoderInput } from './decoder-inputs.ts';

// Written and read within one synchronous step, so one serves all.
const out = new BigUint64Array(1);

/** The names of a decoder's inputs and outputs, in the order of its runs' values. */
export class DecoderNames {
  readonly inputs: NativeNames;
  readonly outputs: NativeNames;

  constructor({ inputs, caches }: DecoderLayout) {
    this.inputs = nativeNames([...inputs.keys(), ...caches.map(({ past }) => past)]);
    this.outputs = nativeNames(['logits', ...caches.map(({ present }) => present)]);
  }
}

/**
 * Owns one run of a decoder: its values but for those of caches, and every buffer that they point into, until `release`.
 *
 * The runtime's values of new caches are its own as well until `takePresents`.
 */
export class DecoderRun {
  readonly #api: Api;
  readonly #names: DecoderNames;
  readonly #fed: readonly DecoderInput[];
  readonly #inputs: BigUint64Array;
  readonly #outputs: BigUint64Array;
  readonly #ownsPresents: boolean;
  /** What the value of the logits points into, held until that is released, as what is fed is. */
  heldLogits: Uint8Array | undefined;

  constructor(api: Api, names: DecoderNames, fed: readonly DecoderInput[], { pasts, presents }: CacheArrangement) {
    this.#api = api;
    this.#names = names;
    this.#fed = fed;
    this.#ownsPresents = presents === undefined;
    this.#inputs = new BigUint64Array(fed.length + pasts.length);
    this.#outputs = new BigUint64Array(1 + pasts.length);
    this.#inputs.set(pasts, fed.length);
    if (presents) this.#outputs.set(presents, 1);
  }

  /** Makes the values; the logits are written into `logits` where it is given. */
  feed(logits?: { readonly data: Uint8Array; readonly shape: readonly number[]; readonly elementType: number }): void {
    for (const [index, { data, shape, datatype }] of this.#fed.entries()) {
      this.#inputs[index] = this.#value(data, shape, elementTypes[datatype]);
    }
    if (!logits) return;
    this.heldLogits = logits.data;
    this.#outputs[0] = this.#value(logits.data, logits.shape, logits.elementType);
  }

  /** Runs on this thread. */
  callHere(session: Pointer): Pointer | null {
    const { inputs, outputs } = this.#names;
    const [given, found] = [this.#inputs, this.#outputs];
    return this.#api.run(session, null, inputs.pointers, given, given.length, outputs.pointers, found.length, found);
  }

  /** Runs on another thread. The run must be kept until the promise settles: its callback holds it. */
  call(session: Pointer, options: Memory): Promise<Pointer | null> {
    const { inputs, outputs } = this.#names;
    return new Promise((resolve, reject) => {
      this.#api.run.async(
        session,
        options,
        inputs.pointers,
        this.#inputs,
        this.#inputs.length,
        outputs.pointers,
        this.#outputs.length,
        this.#outputs,
        (error, status) => (error ? reject(error) : resolve(status)),
      );
    });
  }

  /** Copies the logits of the last token of a run of one sequence, which the runtime made memory for. */
  copyLastLogits(target: Uint8Array): void {
    const value = this.#outputs[0] as Pointer;
    check(this.#api, this.#api.getTensorTypeAndShape(value, out));
    const info = out[0] as Pointer;
    try {
      const tokens = readShape(this.#api, info).shape[1] as number;
      check(this.#api, this.#api.getTensorMutableData(value, out));
      this.#api.memory.copy(target, (out[0] as Pointer) + BigInt((tokens - 1) * target.length), target.length);
    } finally {
      this.#api.releaseTensorTypeAndShapeInfo(info);
    }
  }

  /** The caches that the runtime made; they are the caller's from then on. */
  takePresents(): readonly Pointer[] {
    const presents = Array.from(this.#outputs.subarray(1));
    this.#outputs.fill(0n, 1);
    return presents;
  }

  release(): void {
    for (let index = 0; index < this.#fed.length; index += 1) {
      const value = this.#inputs[index];
      if (value) this.#api.releaseValue(value);
    }
    const owned = this.#ownsPresents ? this.#outputs : this.#outputs.subarray(0, 1);
    for (const value of owned) if (value) this.#api.releaseValue(value);
    this.#inputs.fill(0n);
    this.#outputs.fill(0n);
    this.heldLogits = undefined;
  }

  #value(data: Uint8Array, shape: readonly number[], elementType: number): Pointer {
    const dimensions = BigInt64Array.from(shape, BigInt);
    const { memoryInfo } = this.#api;
    check(
      this.#api,
      this.#api.createTensorWithData(memoryInfo, data, data.length, dimensions, dimensions.length, elementType, out),
    );
    return out[0] as Pointer;
  }
}
