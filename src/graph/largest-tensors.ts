import type { OnnxModel } from './onnx-model.ts';
import { visitModel } from './visit-model.ts';

/** Weights of a model. */
export interface LargeTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

/** The largest tensors of a model, the largest first. */
export function largestTensors(model: OnnxModel, most: number): readonly LargeTensor[] {
  const found: LargeTensor[] = [];
  visitModel(model, { tensor: ({ name, shape, data }) => found.push({ name, shape, bytes: data.length }) });
  return found.sort((a, b) => b.bytes - a.bytes).slice(0, most);
}
