import { readNumbers } from '../read-numbers.ts';
import type { ItemOutputs } from './flow.ts';

/** The elements of an output of floats of an item's run, where they lie. The model has it: the step was held against that. */
export function itemFloats({ tensors }: ItemOutputs, name: string): ArrayLike<number> {
  const output = tensors.get(name);
  if (output?.datatype !== 'FP32' && output?.datatype !== 'FP64')
    throw new TypeError(`there is no output '${name}' of floats`);
  return readNumbers(name, output) as ArrayLike<number>;
}
