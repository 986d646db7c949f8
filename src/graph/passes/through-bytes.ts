import { makeNode } from '../make-node.ts';
import type { Names } from '../names.ts';
import type { OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { type ActivationRange, activationParameters } from './activation-parameters.ts';

/** An activation, what gives its floats, and the name of the floats that come of its bytes. */
export interface Quantizable {
  readonly name: string;
  readonly range: ActivationRange;
  readonly from: string;
  readonly to: string;
}

/**
 * The nodes that make UINT8 of an activation, and FLOAT again, of which the runtime computes in 8 bits what comes next.
 */
export function throughBytes(
  { name, range, from, to }: Quantizable,
  names: Names,
): { readonly nodes: readonly OnnxNode[]; readonly tensors: readonly [scale: OnnxTensor, zeroPoint: OnnxTensor] } {
  const tensors = activationParameters(name, range, names);
  const values = names.fresh(`${name}_QuantizeLinear_Output`);
  const behind = tensors.map((tensor) => tensor.name);
  const nodes = [
    makeNode('QuantizeLinear', [from, ...behind], [values], { name: `${name}_QuantizeLinear` }),
    makeNode('DequantizeLinear', [values, ...behind], [to], { name: `${name}_DequantizeLinear` }),
  ];
  return { nodes, tensors };
}
