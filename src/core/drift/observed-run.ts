import type { Tensor } from '../../protocol/tensor.ts';
import type { Feature } from './feature.ts';
import { RowReader } from './row-reader.ts';

/** The tensors of a run, in and out, by name. */
export interface ObservedRun {
  readonly inputNames: readonly string[];
  readonly inputs: readonly Tensor[];
  readonly outputNames: readonly string[];
  readonly outputs: readonly Tensor[];
}

/** What reads a side of a run, tensor by tensor. */
export function readersOf(run: ObservedRun, side: Feature['side']): ReadonlyMap<string, RowReader> {
  const [names, tensors] = side === 'input' ? [run.inputNames, run.inputs] : [run.outputNames, run.outputs];
  return new Map(names.map((name, index) => [name, new RowReader(name, tensors[index] as Tensor)]));
}
