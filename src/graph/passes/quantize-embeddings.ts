import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxTensor } from '../onnx-model.ts';
import { castToFloat } from './cast-to-float.ts';
import { floatRows } from './float-rows.ts';
import { onceEach } from './once-each.ts';
import { rewriteNodes } from './rewrite-nodes.ts';
import { symmetricNumber } from './symmetric-number.ts';
import { symmetricScale } from './symmetric-scale.ts';

/** Smaller tables are not worth the nodes. */
const leastBytes = 64 * 1024;
const rowsAtOnce = 64;

/**
 * Tables of FLOAT rows that Gather takes by index (words of a vocabulary) become INT8, with a scale a row: only the rows that a run asks
 * for are made FLOAT again.
 */
export function quantizeEmbeddings(model: OnnxModel): OnnxModel {
  const names = new Names(model);
  const quantized = onceEach((table) => quantizeRows(table, names));
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

function quantizeRows(table: OnnxTensor, names: Names): readonly OnnxTensor[] {
  const [rows = 0, columns = 0] = table.shape;
  return [
    makeTensor(names.fresh(`${table.name}_quantized`), dataTypes.INT8, table.shape, {
      length: rows * columns,
      async *pieces() {
        for await (const { count, values } of floatRows(table, rowsAtOnce)) {
          const numbers = new Int8Array(values.length);
          for (let row = 0; row < count; row += 1) {
            const scale = rowScale(values, row, columns);
            for (let at = row * columns; at < (row + 1) * columns; at += 1)
              numbers[at] = symmetricNumber(values[at] as number, scale);
          }
          yield new Uint8Array(numbers.buffer);
        }
      },
    }),
    makeTensor(names.fresh(`${table.name}_scale`), dataTypes.FLOAT, [rows, 1], {
      length: 4 * rows,
      async *pieces() {
        for await (const { count, values } of floatRows(table, rowsAtOnce))
          yield new Uint8Array(
            Float32Array.from({ length: count }, (_item, row) => rowScale(values, row, columns)).buffer,
          );
      },
    }),
  ];
}

function rowScale(values: Float32Array, row: number, columns: number): number {
  let greatest = 0;
  for (let at = row * columns; at < (row + 1) * columns; at += 1)
    greatest = Math.max(greatest, Math.abs(values[at] as number));
  return symmetricScale(greatest, 127);
}
