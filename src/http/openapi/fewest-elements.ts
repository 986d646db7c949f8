import { countElements } from '../../protocol/count-elements.ts';

/** Tensors of more elements have neither an example nor a count in the document. */
export const spelledOutElements = 4096;

/** Elements of a tensor of this shape whose free dimensions, which are -1, are 1. */
export function fewestElements(shape: readonly number[]): number {
  return Math.abs(countElements(shape));
}
