import type { Tensor } from '../../protocol/tensor.ts';
import type { OutputForm } from './output-forms.ts';

/** Shapes of a run's inputs, in native form, and what the outputs were for them, where known. */
export interface RunForm {
  readonly inputShapes: readonly (readonly number[])[];
  readonly inputDimensions: readonly BigInt64Array[];
  outputs: readonly OutputForm[] | undefined;
}

const maxForms = 256;

/** Remembers which shapes of inputs gave which shapes of outputs. */
export class ShapeMemory {
  readonly #forms = new Map<string, RunForm>();
  #last: RunForm | undefined;

  for(inputs: readonly Tensor[]): RunForm {
    if (!this.#last || !fits(this.#last, inputs)) this.#last = this.#find(inputs);
    return this.#last;
  }

  #find(inputs: readonly Tensor[]): RunForm {
    const key = inputs.map((input) => input.shape.join()).join(';');
    const found = this.#forms.get(key);
    if (found) return found;
    if (this.#forms.size >= maxForms) this.#forms.clear();
    const form = {
      inputShapes: inputs.map((input) => [...input.shape]),
      inputDimensions: inputs.map((input) => BigInt64Array.from(input.shape, BigInt)),
      outputs: undefined,
    };
    this.#forms.set(key, form);
    return form;
  }
}

function fits(form: RunForm, inputs: readonly Tensor[]): boolean {
  for (let index = 0; index < inputs.length; index += 1) {
    const known = form.inputShapes[index] as readonly number[];
    const shape = (inputs[index] as Tensor).shape;
    if (known.length !== shape.length) return false;
    for (let axis = 0; axis < shape.length; axis += 1) if (known[axis] !== shape[axis]) return false;
  }
  return true;
}
