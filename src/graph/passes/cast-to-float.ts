import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import type { OnnxNode } from '../onnx-model.ts';

/** A node that makes a value FLOAT. */
export function castToFloat(input: string, output: string): OnnxNode {
  return makeNode('Cast', [input], [output], { attributes: { to: { kind: 'int', value: dataTypes.FLOAT } } });
}
