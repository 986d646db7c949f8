import { countElements } from './count-elements.ts';
import { elementBytes } from './element-bytes.ts';
import type { TensorKind } from './tensor.ts';

/** Bytes of the elements of such a tensor. */
export function shapeBytes({ datatype, shape }: TensorKind): number {
  return countElements(shape) * elementBytes[datatype];
}
