import { dataTypes } from '../data-types.ts';
import type { OnnxNode, OnnxTensor } from '../onnx-model.ts';

/** The FLOAT matrix of the file that a node multiplies by; undefined where it is no MatMul, or has none. */
export function matMulWeight(
  { opType, domain, inputs }: OnnxNode,
  weight: (name: string | undefined) => OnnxTensor | undefined,
): OnnxTensor | undefined {
  if (opType !== 'MatMul' || domain !== '') return undefined;
  const tensor = weight(inputs[1]);
  const isMatrix = tensor?.dataType === dataTypes.FLOAT && tensor.shape.length === 2 && tensor.data.length > 0;
  return isMatrix ? tensor : undefined;
}
