import { elementBytes } from '../../../protocol/element-bytes.ts';
import { shapeBytes } from '../../../protocol/shape-bytes.ts';
import type { HeldData, TensorKind } from '../../../protocol/tensor.ts';
import { addressOf } from '../address-of.ts';
import { allocate } from '../allocate.ts';
import type { Api } from '../api.ts';
import type { Pointer } from '../native-types.ts';
import type { Device } from './device.ts';

const dropped = new FinalizationRegistry<string>((what) => {
  process.emitWarning(`${what} were dropped without release(): that memory is lost`);
});

/** Owns a native tensor in the memory of a device until `release`. */
export class DeviceValue implements HeldData {
  readonly device: string;
  readonly bytes: number;
  readonly #api: Api;
  readonly #copies: Device['copies'];
  #value: Pointer | undefined;
  // The same bytes each time: runs point into them.
  #read: Uint8Array | undefined;

  constructor(api: Api, { name, copies }: Pick<Device, 'name' | 'copies'>, value: Pointer, bytes: number) {
    this.device = name;
    this.bytes = bytes;
    this.#api = api;
    this.#copies = copies;
    this.#value = value;
    dropped.register(this, `${bytes} bytes of a tensor on ${name}`, this);
  }

  get value(): Pointer {
    if (this.#value === undefined) throw new Error('the tensor is no longer there: it was released');
    return this.#value;
  }

  /** Its data in the processor's memory. */
  read(): Uint8Array {
    if (!this.#read) {
      const data = allocate(this.bytes);
      this.readInto(data);
      this.#read = data;
    }
    return this.#read;
  }

  /** Copies its data into the processor's memory. */
  readInto(data: Uint8Array): void {
    this.#copies.read(this.#address, data);
  }

  /** Copies data from the processor's memory in its place. */
  write(data: Uint8Array): void {
    this.forget();
    this.#copies.write(this.#address, data);
  }

  /** Some of its elements, from `start` on, over the same memory, which is there until this one is released. */
  part(start: number, kind: TensorKind): DeviceValue {
    const value = this.#copies.over(this.#address + BigInt(start * elementBytes[kind.datatype]), kind);
    return new DeviceValue(this.#api, { name: this.device, copies: this.#copies }, value, shapeBytes(kind));
  }

  /** Lets go of what was read: it was written to. */
  forget(): void {
    this.#read = undefined;
  }

  release(): void {
    if (this.#value === undefined) return;
    dropped.unregister(this);
    this.#api.releaseValue(this.#value);
    this.#value = undefined;
  }

  get #address(): Pointer {
    return addressOf(this.#api, this.value);
  }
}
