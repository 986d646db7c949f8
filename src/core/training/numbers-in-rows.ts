import { countElements } from '../../protocol/count-elements.ts';
import { elementOf } from '../releases/element-of.ts';
import type { TrainingRowsOptions } from './training-rows.ts';

const wholes: ReadonlySet<string> = new Set(['INT8', 'INT16', 'INT32', 'INT64', 'UINT8', 'UINT16', 'UINT32', 'UINT64']);

/** All numbers that rows have for an input; undefined where it is none of theirs, or takes no whole numbers. */
export function numbersInRows(
  { inputNames, inputs }: Pick<TrainingRowsOptions, 'inputNames' | 'inputs'>,
  input: string,
): ReadonlySet<number> | undefined {
  const at = inputNames.indexOf(input);
  const numbers = new Set<number>();
  for (const tensors of inputs) {
    const tensor = tensors[at];
    if (!tensor || !wholes.has(tensor.datatype)) return undefined;
    const [get, count] = [elementOf(tensor), countElements(tensor.shape)];
    for (let place = 0; place < count; place += 1) numbers.add(Number(get(place)));
  }
  return numbers;
}
