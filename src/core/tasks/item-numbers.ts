import { readNumbers } from '../read-numbers.ts';
import type { ItemOutputs } from './flow.ts';

/** The elements of an output of an item's run as numbers. The model has it: the step was held against that. */
export function itemNumbers({ tensors }: ItemOutputs, name: string): readonly number[] {
  const output = tensors.get(name);
  if (!output || output.datatype === 'BYTES') throw new TypeError(`there is no output '${name}' of numbers`);
  return Array.from(readNumbers(name, output), Number);
}
