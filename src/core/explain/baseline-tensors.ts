import type { InputTensor } from '../../protocol/inference.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/** What stands for each of the tensors, some rows of it. Throws 400 where there is none, or it is of another kind. */
export function baselineTensors(
  tensors: readonly InputTensor[],
  baseline: readonly InputTensor[],
): readonly InputTensor[] {
  return tensors.map((tensor) => {
    const found = baseline.find(({ name }) => name === tensor.name);
    const fits =
      found?.datatype === tensor.datatype &&
      found.shape.length === tensor.shape.length &&
      found.shape.every((size, axis) => axis === 0 || size === tensor.shape[axis]);
    if (fits) return found;
    const got = found ? `${found.datatype} [${found.shape}]` : 'none';
    throw wrongBaseline(
      `expected rows of '${tensor.name}', ${tensor.datatype} [rows, ${tensor.shape.slice(1)}], got ${got}`,
    );
  });
}
