import { shapeBytes } from '../../../protocol/shape-bytes.ts';
import type { TensorKind } from '../../../protocol/tensor.ts';
import { addressOf } from '../address-of.ts';
import { allocateValue } from '../allocate-value.ts';
import type { Api } from '../api.ts';
import { check } from '../check.ts';
import type { Device } from '../device/device.ts';
import type { Pointer } from '../native-types.ts';
import type { RowCopy } from '../row-copy.ts';
import { valueOver } from '../value-over.ts';

// Written and read within one synchronous step, so one serves all.
const out = new BigUint64Array(1);

/** The memory that the caches of a model lie in: the processor's, or that of its session's device. */
export class CacheMemory {
  readonly isOnDevice: boolean;
  /** Bytes of all groups that are there. */
  bytes = 0;
  readonly copyRow: (copy: RowCopy) => void;
  readonly #api: Api;
  readonly #allocator: Pointer;
  readonly #memoryInfo: Pointer;
  /** What values lie in that were allocated on a device. */
  readonly #buffers = new Map<Pointer, Pointer>();
  #isClosed = false;

  /** @param device that caches are to stay on; undefined: they are in the processor's memory */
  constructor(api: Api, session: Pointer, device: Device | undefined) {
    this.#api = api;
    this.isOnDevice = device !== undefined;
    if (device) {
      // What the session may take of the device's memory holds for its caches too.
      check(api, api.createAllocator(session, device.memoryInfo, out));
      this.#allocator = out[0] as Pointer;
      this.#memoryInfo = device.memoryInfo;
      this.copyRow = (copy) => device.copies.copyRow(copy);
    } else {
      this.#allocator = api.allocator;
      this.#memoryInfo = api.memoryInfo;
      this.copyRow = (copy) => copyRow(api.memory, copy);
    }
  }

  /** A value over memory as it comes; whoever asked releases it. */
  allocate(kind: TensorKind): Pointer {
    if (!this.isOnDevice) return allocateValue(this.#api, this.#allocator, kind);
    // Memory that grows with each token is of a few sizes: the runtime keeps what was freed on a device for what is as
    // large.
    const bytes = shapeBytes(kind);
    const step = 2 ** Math.max(8, Math.floor(Math.log2(Math.max(1, bytes))) - 3);
    const sizes = [Math.ceil(bytes / step) * step];
    const buffer = allocateValue(this.#api, this.#allocator, { datatype: 'UINT8', shape: sizes });
    try {
      const value = this.over(this.addressOf(buffer), kind);
      this.#buffers.set(value, buffer);
      return value;
    } catch (error) {
      this.#api.releaseValue(buffer);
      throw error;
    }
  }

  /** A value over memory that is there; whoever asked releases it, and the memory stays. */
  over(at: Pointer, kind: TensorKind): Pointer {
    return valueOver(this.#api, this.#memoryInfo, at, kind);
  }

  addressOf(value: Pointer): Pointer {
    return addressOf(this.#api, value);
  }

  release(value: Pointer): void {
    this.#api.releaseValue(value);
    const buffer = this.#buffers.get(value);
    if (buffer === undefined) return;
    this.#buffers.delete(value);
    this.#api.releaseValue(buffer);
    this.#releaseAllocator();
  }

  /** Frees what belongs to no value, once all values have been released. */
  close(): void {
    this.#isClosed = true;
    this.#releaseAllocator();
  }

  #releaseAllocator(): void {
    const isLast = this.#isClosed && this.#buffers.size === 0;
    if (this.isOnDevice && isLast) this.#api.releaseAllocator(this.#allocator);
  }
}

function copyRow({ copy, fill }: Api['memory'], { heads, tokenBytes, length, from, to }: RowCopy): void {
  for (let head = 0; head < heads; head += 1) {
    const row = to.at + BigInt(head * to.tokens * tokenBytes);
    if (to.first > 0) fill(row, 0, to.first * tokenBytes);
    if (!from) continue;
    const source = from.at + BigInt((head * from.tokens + from.first) * tokenBytes);
    copy(row + BigInt(to.first * tokenBytes), source, length * tokenBytes);
  }
}
