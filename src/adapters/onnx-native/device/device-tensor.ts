import type { PlacedTensor } from '../../../ports/session.ts';
import type { FixedDatatype } from '../../../protocol/datatype.ts';
import type { DeviceValue } from './device-value.ts';

/** A tensor whose data stays on a device until it is read. */
export class DeviceTensor implements PlacedTensor {
  readonly datatype: FixedDatatype;
  readonly shape: readonly number[];
  readonly held: DeviceValue;

  constructor(datatype: FixedDatatype, shape: readonly number[], held: DeviceValue) {
    this.datatype = datatype;
    this.shape = shape;
    this.held = held;
  }

  get data(): Uint8Array {
    return this.held.read();
  }

  write(data: Uint8Array): void {
    this.held.write(data);
  }

  readInto(data: Uint8Array): void {
    this.held.readInto(data);
  }

  part(start: number, shape: readonly number[]): DeviceTensor {
    const { datatype } = this;
    return new DeviceTensor(datatype, shape, this.held.part(start, { datatype, shape }));
  }
}
