import { joinRows } from '../../protocol/join-rows.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import type { TrainingBatch } from './trainer.ts';

export interface TrainingRowsOptions {
  /** Inputs of the model, in the order of each row's tensors. */
  readonly inputNames: readonly string[];
  /** Of each row a tensor for each input, whose first dimension is the batch's, of 1. */
  readonly inputs: readonly (readonly Tensor[])[];
  /** Of each row the number of its class, or the values that it is to have. */
  readonly targets: readonly number[];
  /** The input that takes them, whether they are numbers of classes, and how many values a row has: 1 without it. */
  readonly target: { readonly name: string; readonly isClass: boolean; readonly size?: number };
}

/** Rows to learn from, or to be measured by. */
export class TrainingRows {
  readonly targets: readonly number[];
  readonly #options: TrainingRowsOptions;

  constructor(options: TrainingRowsOptions) {
    this.targets = options.targets;
    this.#options = options;
  }

  /** The rows with these numbers, as a step of training takes them: they have tensors of the same shapes. */
  batch(rows: readonly number[]): TrainingBatch {
    const { inputNames, inputs, target } = this.#options;
    const joined = inputNames.map((name, at) => {
      const tensors = rows.map((row) => inputs[row]?.[at] as Tensor);
      return [name, joinRows(tensors as [Tensor, ...Tensor[]])] as const;
    });
    const { name, isClass, size = 1 } = target;
    const targets = rows.flatMap((row) => this.targets.slice(row * size, (row + 1) * size));
    return { ...Object.fromEntries(joined), [name]: isClass ? classes(targets) : values(targets, rows.length) };
  }

  /** These rows by the shapes of their tensors: only such as are alike go together. */
  alike(rows: readonly number[]): readonly (readonly number[])[] {
    const { inputs } = this.#options;
    const groups = Map.groupBy(rows, (row) => inputs[row]?.map(({ shape }) => shape.join('x')).join(' '));
    return [...groups.values()];
  }
}

function classes(numbers: readonly number[]): FixedTensor {
  const data = new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer);
  return { datatype: 'INT64', shape: [numbers.length], data };
}

function values(numbers: readonly number[], rows: number): FixedTensor {
  const data = new Uint8Array(Float32Array.from(numbers).buffer);
  return { datatype: 'FP32', shape: [rows, numbers.length / rows], data };
}
