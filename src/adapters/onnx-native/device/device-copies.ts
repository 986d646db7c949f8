import type { TensorKind } from '../../../protocol/tensor.ts';
import { allocateValue } from '../allocate-value.ts';
import type { Api } from '../api.ts';
import { appendCuda } from '../append-cuda.ts';
import { check } from '../check.ts';
import { createOptions, optimization } from '../create-options.ts';
import { createSession } from '../create-session.ts';
import { createValue } from '../create-value.ts';
import { elementTypes } from '../element-types.ts';
import { type NativeNames, nativeNames } from '../native-names.ts';
import type { Pointer } from '../native-types.ts';
import type { RowCopy } from '../row-copy.ts';
import { valueOver } from '../value-over.ts';
import { copyGraph, copyNumbers } from './copy-graph.ts';
import type { DevicePlace } from './device-place.ts';

const names = Object.keys(copyNumbers) as (keyof typeof copyNumbers)[];
// Written and read within one synchronous step, so one serves all.
const out = new BigUint64Array(1);

/**
 * Copies in the memory of a device, and from there, which the C API has no functions for that know every provider: by
 * runs of a small model, on the calling thread. A run ends once the device is done, so what comes next finds it.
 */
export class DeviceCopies {
  readonly #api: Api;
  readonly #session: Pointer;
  readonly #memoryInfo: Pointer;
  /** As long there as the process. */
  readonly #allocator: Pointer;
  readonly #inputNames: NativeNames;
  readonly #outputNames = nativeNames(['to']);
  /** What the values of numbers are over. */
  readonly #numbers: Readonly<Record<keyof typeof copyNumbers, BigInt64Array>>;
  readonly #inputs: BigUint64Array;
  readonly #outputs = new BigUint64Array(1);

  private constructor(api: Api, session: Pointer, memoryInfo: Pointer) {
    this.#api = api;
    this.#session = session;
    this.#memoryInfo = memoryInfo;
    check(api, api.createAllocator(session, memoryInfo, out));
    this.#allocator = out[0] as Pointer;
    this.#inputNames = nativeNames(['from', ...names]);
    const { first, end, front, behind } = copyNumbers;
    this.#numbers = {
      first: new BigInt64Array(first),
      end: new BigInt64Array(end),
      front: new BigInt64Array(front),
      behind: new BigInt64Array(behind),
    };
    this.#inputs = new BigUint64Array(1 + names.length);
    for (const [index, name] of names.entries()) {
      const numbers = this.#numbers[name];
      const bytes = new Uint8Array(numbers.buffer);
      this.#inputs[1 + index] = createValue(api, bytes, BigInt64Array.of(BigInt(numbers.length)), elementTypes.INT64);
    }
  }

  /** @param memoryInfo of the place */
  static async open(api: Api, { kind, id }: DevicePlace, memoryInfo: Pointer): Promise<DeviceCopies> {
    const options = createOptions(api, { intraOpThreads: 1 }, optimization.none);
    try {
      if (kind === 'cuda') appendCuda(api, options, { deviceId: id, memoryBytes: 0 });
    } catch (error) {
      api.releaseSessionOptions(options);
      throw error;
    }
    return new DeviceCopies(api, await createSession(api, copyGraph(), options), memoryInfo);
  }

  copyRow({ heads, tokenBytes, length, from, to }: RowCopy): void {
    const start = from?.first ?? 0;
    this.#fill({
      first: [start],
      end: [start + length],
      front: [heads, to.first, tokenBytes],
      behind: [heads, to.tokens - to.first - length, tokenBytes],
    });
    const source = this.#over(from?.at ?? to.at, [heads, from?.tokens ?? 0, tokenBytes]);
    try {
      this.#run(source, this.#over(to.at, [heads, to.tokens, tokenBytes]));
    } finally {
      this.#api.releaseValue(source);
    }
  }

  /** A value over memory of the device as it comes; whoever asked releases it. */
  allocate(kind: TensorKind): Pointer {
    return allocateValue(this.#api, this.#allocator, kind);
  }

  /** A value over memory at an address of the device; whoever asked releases it, the memory stays. */
  over(at: Pointer, kind: TensorKind): Pointer {
    return valueOver(this.#api, this.#memoryInfo, at, kind);
  }

  /** Copies what lies at an address of the device into the processor's memory. */
  read(address: Pointer, target: Uint8Array): void {
    this.#copyWhole(
      target.length,
      (sizes) => this.#over(address, sizes),
      (sizes) => this.#here(target, sizes),
    );
  }

  /** Copies what lies in the processor's memory to an address of the device. */
  write(address: Pointer, source: Uint8Array): void {
    this.#copyWhole(
      source.length,
      (sizes) => this.#here(source, sizes),
      (sizes) => this.#over(address, sizes),
    );
  }

  #copyWhole(
    bytes: number,
    sourceOf: (sizes: readonly number[]) => Pointer,
    targetOf: (sizes: readonly number[]) => Pointer,
  ): void {
    if (bytes === 0) return;
    const none = [1, 0, bytes];
    this.#fill({ first: [0], end: [1], front: none, behind: none });
    const source = sourceOf([1, 1, bytes]);
    try {
      this.#run(source, targetOf([1, 1, bytes]));
    } finally {
      this.#api.releaseValue(source);
    }
  }

  #here(data: Uint8Array, sizes: readonly number[]): Pointer {
    return createValue(this.#api, data, BigInt64Array.from(sizes, BigInt), elementTypes.UINT8);
  }

  #fill(numbers: Readonly<Record<keyof typeof copyNumbers, readonly number[]>>): void {
    for (const name of names) this.#numbers[name].set(numbers[name].map(BigInt));
  }

  /** Takes `target` over. */
  #run(source: Pointer, target: Pointer): void {
    const [given, found] = [this.#inputNames.pointers, this.#outputNames.pointers];
    this.#inputs[0] = source;
    this.#outputs[0] = target;
    try {
      check(
        this.#api,
        this.#api.run(this.#session, null, given, this.#inputs, this.#inputs.length, found, 1, this.#outputs),
      );
    } finally {
      this.#api.releaseValue(target);
    }
  }

  #over(at: Pointer, shape: readonly number[]): Pointer {
    return this.over(at, { datatype: 'UINT8', shape });
  }
}
