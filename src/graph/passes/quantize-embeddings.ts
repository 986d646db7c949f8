import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { Names } from '../names.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { castToFloat } from './cast-to-float.ts';
import { onceEach } from './once-each.ts';
import { quantizeRows } from './quantize-rows.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/** Smaller tables are not worth the nodes. */
const leastBytes = 64 * 1024;

/**
 * Tables of FLOAT rows that Gather takes by index (words of a vocabulary) become INT8, with a scale a row: only the
 * rows that a run asks for are made FLOAT again.
 */
export function quantizeEmbeddings(model: OnnxModel): OnnxModel {
  const names = new Names(model);
  const quantized = onceEach((table) =>
    quantizeRows(table, names, { most: 127, scaleShape: [table.shape[0] ?? 0, 1] }),
  );
  return rewriteNodes(model, () => (node, weight) => {
    if (node.opType !== 'Gather' || node.domain !== '') return undefined;
    const [table, indices = ''] = node.inputs;
    const tensor = weight(table);
    const axis = node.attributes.get('axis');
    const isByRow = axis === undefined || (axis.kind === 'int' && axis.value === 0);
    if (
      !isByRow ||
      tensor?.dataType !== dataTypes.FLOAT ||
      tensor.shape.length !== 2 ||
      tensor.data.length < leastBytes
    )
      return undefined;
    const tensors = quantized(tensor);
    const [values = '', scales = ''] = tensors.map(({ name }) => name);
    const [output = ''] = node.outputs;
    const [rows = '', floats = '', factors = ''] = ['quantized', 'cast', 'scale'].map((part) =>
      names.fresh(`${output}_${part}`),
    );
    const nodes = [
      makeNode('Gather', [values, indices], [rows], { name: node.name && `${node.name}_quant` }),
      makeNode('Gather', [scales, indices], [factors]),
      castToFloat(rows, floats),
      makeNode('Mul', [floats, factors], node.outputs),
    ];
    return { nodes, tensors };
  });
}
