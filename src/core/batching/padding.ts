import type { BatchingConfig } from '../../ports/model-store.ts';
import type { Run, Session, SessionOutput } from '../../ports/session.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { elementWriters } from '../../protocol/element-writers.ts';
import { resizeAxis } from '../../protocol/resize-axis.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';

/** Makes inputs of requests that differ along some axes alike, and outputs what they would have been. */
export class Padding {
  readonly #config: BatchingConfig['padding'];
  readonly isEmpty: boolean;

  constructor(config: BatchingConfig['padding']) {
    this.#config = config;
    this.isEmpty = Object.keys(config.inputs).length === 0;
  }

  /** The axis along which the input is padded; -1: none. */
  axisOf(input: string): number {
    return this.#config.inputs[input]?.axis ?? -1;
  }

  /**
   * Whether a run's inputs are of one size wherever they are meant to be, by what `session` says: where the model has one
   * name for dimensions, one of which is padded; among all that are padded where it has none for one of these. Padded,
   * others would be alike, and be answered in place of refused, or stretched where the graph would have done that.
   */
  isSound({ inputNames, inputs }: Run, { dimensionNames }: Pick<Session, 'dimensionNames'>): boolean {
    if (this.isEmpty) return true;
    const nameOf = (input: string, axis: number) => dimensionNames?.get(input)?.[axis] ?? '';
    const padded = inputs.flatMap(({ shape }, index) => {
      const input = inputNames[index] as string;
      const axis = this.axisOf(input);
      return axis < 0 ? [] : [{ name: nameOf(input, axis), size: shape[axis] }];
    });
    if (padded.some(({ name }) => name === '')) return padded.every(({ size }) => size === padded[0]?.size);
    const sizes = new Map(padded.map(({ name, size }) => [name, size]));
    return inputs.every(({ shape }, index) =>
      shape.every((size, axis) => (sizes.get(nameOf(inputNames[index] as string, axis)) ?? size) === size),
    );
  }

  /** The size of each input along its axis; 1 of those that are not padded. */
  sizes({ inputNames, inputs }: Run): readonly number[] {
    return inputs.map(({ shape }, index) => shape[this.axisOf(inputNames[index] as string)] ?? 1);
  }

  /** The inputs of a run with `sizes` along their axes. */
  pad({ inputNames, inputs }: Run, sizes: readonly number[]): readonly Tensor[] {
    return inputs.map((tensor, index) => {
      const padded = this.#config.inputs[inputNames[index] as string];
      if (!padded || tensor.datatype === 'BYTES') return tensor;
      return resizeAxis(tensor, padded.axis, sizes[index] as number, elementOf(tensor, padded.value));
    });
  }

  /** The outputs of a padded run as the run of `own`, which had a share in it, would have had them. */
  cut(own: Run, outputs: readonly SessionOutput[]): readonly SessionOutput[] {
    return outputs.map((output, index) => {
      const cut = this.#config.outputs[own.outputNames[index] as string];
      if (!cut || output.datatype === 'BYTES') return output;
      const input = own.inputs[own.inputNames.indexOf(cut.input)];
      const size = input?.shape[this.axisOf(cut.input)] ?? 0;
      return resizeAxis(output, cut.axis, Math.min(size, output.shape[cut.axis] ?? 0));
    });
  }
}

function elementOf({ datatype }: FixedTensor, value: number): Uint8Array {
  const element = new Uint8Array(elementBytes[datatype]);
  elementWriters[datatype]?.(new DataView(element.buffer), 0, value);
  return element;
}
