import { dataTypes } from '../data-types.ts';
import type { OnnxNode, OnnxTensor } from '../onnx-model.ts';

/**
 * The FLOAT matrix of the file that a node multiplies by, or, where that `mayBeStack`, several in one tensor; undefined
 * where it is no MatMul, or has none.
 */
export function matMulWeight(
  { opType, domain, inputs }: OnnxNode,
  weight: (name: string | undefined) => OnnxTensor | undefined,
  mayBeStack = false,
): OnnxTensor | undefined {
  if (opType !== 'MatMul' || domain !== '') return undefined;
  const tensor = weight(inputs[1]);
  if (tensor?.dataType !== dataTypes.FLOAT || tensor.data.length === 0) return undefined;
  const { length: rank } = tensor.shape;
  return rank === 2 || (mayBeStack && rank > 2) ? tensor : undefined;
}
