import type { Run } from '../../../ports/session.ts';
import { shapeBytes } from '../../../protocol/shape-bytes.ts';
import type { TensorKind } from '../../../protocol/tensor.ts';
import type { Api } from '../api.ts';
import { check } from '../check.ts';
import type { Pointer } from '../native-types.ts';
import type { SessionRun } from '../session-run.ts';
import { BoundRun } from './bound-run.ts';
import { DeviceCopies } from './device-copies.ts';
import type { DevicePlace } from './device-place.ts';
import { DeviceTensor } from './device-tensor.ts';
import { DeviceValue } from './device-value.ts';

// Source: CUDA and CPU in include/onnxruntime/core/framework/allocator.h of ONNX Runtime.
const memoryNames: Readonly<Record<DevicePlace['kind'], string>> = { cpu: 'Cpu', cuda: 'Cuda' };
const arenaAllocator = 1;
const defaultMemory = 0;

/**
 * The memory of a device, which values can stay in between runs. All sessions on it share one, which is as long there
 * as the process.
 */
export class Device {
  /** `cuda:0`, say. */
  readonly name: string;
  /** Says of a tensor's data that it lies there. */
  readonly memoryInfo: Pointer;
  readonly copies: DeviceCopies;
  readonly #api: Api;

  private constructor(api: Api, name: string, memoryInfo: Pointer, copies: DeviceCopies) {
    this.#api = api;
    this.name = name;
    this.memoryInfo = memoryInfo;
    this.copies = copies;
  }

  /** Rejects where nothing can run there. */
  static async open(api: Api, place: DevicePlace): Promise<Device> {
    const out = new BigUint64Array(1);
    const name = memoryNames[place.kind];
    check(api, api.createMemoryInfo(name, arenaAllocator, place.id, defaultMemory, out));
    const memoryInfo = out[0] as Pointer;
    return new Device(api, `${place.kind}:${place.id}`, memoryInfo, await DeviceCopies.open(api, place, memoryInfo));
  }

  /** A tensor in its memory, as that comes; whoever asked releases it. */
  place(kind: TensorKind): DeviceTensor {
    const value = new DeviceValue(this.#api, this, this.copies.allocate(kind), shapeBytes(kind));
    return new DeviceTensor(kind.datatype, kind.shape, value);
  }

  /** A run of a session on the device that takes values which lie there, or leaves some there. */
  run(session: Pointer, run: Run): SessionRun {
    return new BoundRun(this.#api, session, this, run);
  }
}
