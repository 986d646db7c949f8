import { makeNode } from '../make-node.ts';
import type { Names } from '../names.ts';
import type { OnnxNode, OnnxTensor } from '../onnx-model.ts';

/** A weight that is stored in few bits, and the node that makes FLOAT of it again. */
export interface DequantizedWeight {
  readonly node: OnnxNode;
  readonly output: string;
  /** What the node takes. */
  readonly tensors: readonly OnnxTensor[];
}

/** @param tensors the numbers that stand for a weight, scales along an axis, and zero points where there are any */
export function dequantizedWeight(
  { name }: OnnxTensor,
  tensors: readonly OnnxTensor[],
  axis: number,
  names: Names,
): DequantizedWeight {
  const output = names.fresh(`${name}_DequantizeLinear_Output`);
  const inputs = tensors.map((tensor) => tensor.name);
  const attributes = { axis: { kind: 'int', value: axis } } as const;
  return { node: makeNode('DequantizeLinear', inputs, [output], { attributes }), output, tensors };
}
