import { readNumbers } from '../read-numbers.ts';
import type { ItemOutputs } from './flow.ts';

/** The elements of an output of an item's run as numbers. The model has it: the step was held against that. */
export function itemNumbers({ tensors }: ItemOutputs, name: string): readonly number[] {
  const output = tensors.get(name);
  if (!output || output.datatype === 'BYTES') throw new TypeError(`there is no output '${name}' of numbers`);
  const numbers = readNumbers(name, output);
  const found = new Array<number>(numbers.length);
  // By a loop: Array.from takes forty times as long with a function to map by.
  for (let at = 0; at < found.length; at += 1) found[at] = Number(numbers[at]);
  return found;
}
