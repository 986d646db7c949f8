import type { Run, SessionOutput } from '../../ports/session.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import { allocate } from './allocate.ts';
import type { Api } from './api.ts';
import { createInput } from './create-input.ts';
import { createValue } from './create-value.ts';
import { elementTypes } from './element-types.ts';
import type { Memory, Pointer } from './native-types.ts';
import { type OutputForm, outputForms } from './output-forms.ts';
import { readValue } from './read-value.ts';
import type { RunPlan } from './run-plan.ts';
import type { RunSlots } from './run-slots.ts';
import type { SessionRun } from './session-run.ts';
import type { RunForm } from './shape-memory.ts';

/**
 * Owns one run: its values and every buffer they point into, until `release`.
 *
 * Call `feed`, then `call` or `callAsync` and wait for it, then `outputs`; and `release` however it went.
 */
export class NativeRun implements SessionRun {
  readonly #api: Api;
  readonly #session: Pointer;
  readonly #plan: RunPlan;
  readonly #slots: RunSlots;
  readonly #form: RunForm;
  readonly #into: Run['into'];

  constructor(api: Api, session: Pointer, plan: RunPlan, run: Run) {
    this.#api = api;
    this.#session = session;
    this.#plan = plan;
    this.#form = plan.shapes.for(run.inputs);
    this.#slots = plan.takeSlots();
    this.#slots.heldInputs = run.inputs;
    this.#into = run.into;
  }

  /**
   * Makes the inputs' values, and those of outputs that the caller has memory for; of all others with `placeOutputs`,
   * where their shapes are known.
   */
  feed(placeOutputs: boolean): void {
    const inputs = this.#slots.heldInputs as readonly Tensor[];
    for (let index = 0; index < inputs.length; index += 1) {
      const dimensions = this.#form.inputDimensions[index] as BigInt64Array;
      this.#slots.inputs[index] = createInput(this.#api, inputs[index] as Tensor, dimensions);
    }
    if (this.#into) {
      this.#placeInto(this.#into);
      return;
    }
    const forms = this.#form.outputs;
    if (placeOutputs && forms && this.#plan.canPlaceOutputs) this.#placeOutputs(forms);
  }

  /** Runs on this thread. */
  call(): Pointer | null {
    const { nativeInputNames, nativeOutputNames } = this.#plan;
    const { inputs, outputs } = this.#slots;
    return this.#api.run(
      this.#session,
      null,
      nativeInputNames.pointers,
      inputs,
      inputs.length,
      nativeOutputNames.pointers,
      outputs.length,
      outputs,
    );
  }

  /** Runs on another thread. The run must be kept until the promise settles: its callback holds it. */
  callAsync(options: Memory): Promise<Pointer | null> {
    const { nativeInputNames, nativeOutputNames } = this.#plan;
    const { inputs, outputs } = this.#slots;
    return new Promise((resolve, reject) => {
      this.#api.run.async(
        this.#session,
        options,
        nativeInputNames.pointers,
        inputs,
        inputs.length,
        nativeOutputNames.pointers,
        outputs.length,
        outputs,
        (error, status) => (error ? reject(error) : resolve(status)),
      );
    });
  }

  /** The outputs in JavaScript memory; remembers their shapes for the next run like this one. */
  outputs(): readonly SessionOutput[] {
    const { heldOutputs, outputs: values } = this.#slots;
    if (this.#into) return this.#into.map((tensor, index) => tensor ?? readValue(this.#api, values[index] as Pointer));
    const forms = this.#form.outputs;
    if (heldOutputs && forms) {
      return forms.map(({ datatype, shape }, index) => ({ datatype, shape, data: heldOutputs[index] as Uint8Array }));
    }
    const outputs = Array.from(values, (value) => readValue(this.#api, value));
    this.#form.outputs = outputForms(outputs);
    return outputs;
  }

  release(): void {
    for (const value of this.#slots.inputs) if (value) this.#api.releaseValue(value);
    for (const value of this.#slots.outputs) if (value) this.#api.releaseValue(value);
    this.#plan.giveSlots(this.#slots);
  }

  #placeInto(into: readonly (FixedTensor | undefined)[]): void {
    this.#slots.heldOutputs = into.flatMap((tensor) => tensor?.data ?? []);
    for (const [index, tensor] of into.entries()) {
      if (!tensor) continue;
      const dimensions = BigInt64Array.from(tensor.shape, BigInt);
      this.#slots.outputs[index] = createValue(this.#api, tensor.data, dimensions, elementTypes[tensor.datatype]);
    }
  }

  #placeOutputs(forms: readonly OutputForm[]): void {
    const held: Uint8Array[] = [];
    this.#slots.heldOutputs = held;
    for (let index = 0; index < forms.length; index += 1) {
      const { bytes, datatype, dimensions } = forms[index] as OutputForm;
      const data = allocate(bytes);
      held.push(data);
      this.#slots.outputs[index] = createValue(this.#api, data, dimensions, elementTypes[datatype]);
    }
  }
}
