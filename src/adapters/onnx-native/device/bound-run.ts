import type { Run, SessionOutput } from '../../../ports/session.ts';
import { elementBytes } from '../../../protocol/element-bytes.ts';
import type { Tensor } from '../../../protocol/tensor.ts';
import type { Api } from '../api.ts';
import { createInput } from '../create-input.ts';
import { kindOf } from '../kind-of.ts';
import type { Memory, Pointer } from '../native-types.ts';
import { readValue } from '../read-value.ts';
import type { SessionRun } from '../session-run.ts';
import { tensorForm } from '../tensor-form.ts';
import { ValueKind } from '../value-kind.ts';
import type { Device } from './device.ts';
import { DeviceTensor } from './device-tensor.ts';
import { DeviceValue } from './device-value.ts';
import { IoBinding } from './io-binding.ts';

/**
 * A run of a session on a device that takes values which lie there, or leaves some there.
 *
 * What lies in the processor's memory is copied to the device as it is bound: each run binds anew.
 */
export class BoundRun implements SessionRun {
  readonly #api: Api;
  readonly #device: Device;
  readonly #run: Run;
  readonly #binding: IoBinding;
  readonly #values: Pointer[] = [];

  constructor(api: Api, session: Pointer, device: Device, run: Run) {
    this.#api = api;
    this.#device = device;
    this.#run = run;
    this.#binding = new IoBinding(api, session);
  }

  feed(): void {
    const { inputNames, inputs, outputNames, stays, into } = this.#run;
    for (const [index, name] of inputNames.entries()) {
      this.#binding.bindInput(name, this.#valueOf(inputs[index] as Tensor));
    }
    for (const [index, name] of outputNames.entries()) {
      if (outputNames.indexOf(name) < index) continue;
      const place = into?.[index];
      if (place) this.#binding.bindOutput(name, this.#valueOf(place));
      else this.#binding.leaveOutput(name, stays?.[index] ? this.#device.memoryInfo : this.#api.memoryInfo);
    }
  }

  call(): Pointer | null {
    return this.#binding.call();
  }

  callAsync(options: Memory): Promise<Pointer | null> {
    return this.#binding.callAsync(options);
  }

  outputs(): readonly SessionOutput[] {
    const { outputNames, stays, into } = this.#run;
    const values = this.#binding.outputs();
    const held = new Map<Pointer, DeviceTensor>();
    try {
      const tensors = [...new Set(outputNames)].map((name, index): readonly [string, SessionOutput] => {
        const value = values[index] as Pointer;
        const at = outputNames.indexOf(name);
        const place = into?.[at];
        if (place?.held instanceof DeviceValue) place.held.forget();
        if (place) return [name, place];
        const tensor = stays?.[at] ? this.#hold(value) : undefined;
        if (tensor) held.set(value, tensor);
        return [name, tensor ?? readValue(this.#api, value)];
      });
      // A caller may ask for an output twice, which is bound once.
      const byName = new Map(tensors);
      return outputNames.map((name) => byName.get(name) as SessionOutput);
    } catch (error) {
      for (const tensor of held.values()) tensor.held.release();
      throw error;
    } finally {
      for (const value of values) if (!held.has(value)) this.#api.releaseValue(value);
    }
  }

  release(): void {
    this.#binding.release();
    for (const value of this.#values) this.#api.releaseValue(value);
  }

  #valueOf(tensor: Tensor): Pointer {
    const { held } = tensor;
    if (held instanceof DeviceValue && held.device === this.#device.name) return held.value;
    const value = createInput(this.#api, tensor, BigInt64Array.from(tensor.shape, BigInt));
    this.#values.push(value);
    return value;
  }

  /** Texts, and what is no tensor, lie in the processor's memory wherever they were to stay. */
  #hold(value: Pointer): DeviceTensor | undefined {
    if (kindOf(this.#api, value) !== ValueKind.tensor) return undefined;
    const { datatype, shape, count } = tensorForm(this.#api, value);
    if (datatype === 'BYTES') return undefined;
    const bytes = count * elementBytes[datatype];
    return new DeviceTensor(datatype, shape, new DeviceValue(this.#api, this.#device, value, bytes));
  }
}
