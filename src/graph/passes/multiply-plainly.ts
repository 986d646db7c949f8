import { collectBytes } from '../collect-bytes.ts';
import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { onceEach } from './once-each.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/**
 * Gemms by a FLOAT matrix of the file become MatMul, and Add where something is added: what quantizers know. As
 * onnxruntime.quantization does before it quantizes. Those that scale, or transpose what they are given, stay.
 */
export function multiplyPlainly(model: OnnxModel): OnnxModel {
  const names = new Names(model);
  const turned = onceEach((matrix) => transposed(matrix, names));
  return rewriteNodes(model, () => (node, weight) => {
    const matrix = weight(node.inputs[1]);
    if (node.opType !== 'Gemm' || node.domain !== '' || !isPlain(node) || matrix?.dataType !== dataTypes.FLOAT)
      return undefined;
    const own = numberOf(node, 'transB', 0) === 0 ? matrix : turned(matrix);
    const [input = '', , added = ''] = node.inputs;
    const [output = ''] = node.outputs;
    const isSum = added !== '';
    const product = isSum ? names.fresh(`${output}_MatMul`) : output;
    const nodes = [makeNode('MatMul', [input, own.name], [product], { name: node.name && `${node.name}_MatMul` })];
    if (isSum) nodes.push(makeNode('Add', [product, added], [output], { name: node.name && `${node.name}_Add` }));
    return { nodes, tensors: own === matrix ? [] : [own] };
  });
}

function isPlain(node: OnnxNode): boolean {
  return numberOf(node, 'alpha', 1) === 1 && numberOf(node, 'beta', 1) === 1 && numberOf(node, 'transA', 0) === 0;
}

function numberOf({ attributes }: OnnxNode, name: string, otherwise: number): number | undefined {
  const attribute = attributes.get(name);
  if (!attribute) return otherwise;
  return attribute.kind === 'int' || attribute.kind === 'float' ? attribute.value : undefined;
}

/** Computed anew each time that it is asked for, the matrix in memory meanwhile. */
function transposed({ name, shape, data }: OnnxTensor, names: Names): OnnxTensor {
  const [rows = 0, columns = 0] = shape;
  return makeTensor(names.fresh(`${name}_Transposed`), dataTypes.FLOAT, [columns, rows], {
    length: data.length,
    async *pieces() {
      const bytes = (await collectBytes(data)).slice();
      const values = new Float32Array(bytes.buffer);
      const turned = new Float32Array(values.length);
      for (let row = 0; row < rows; row += 1)
        for (let column = 0; column < columns; column += 1)
          turned[column * rows + row] = values[row * columns + column] as number;
      yield new Uint8Array(turned.buffer);
    },
  });
}
