import { dataTypes } from '../data-types.ts';
import type { OnnxNode, OnnxTensor } from '../onnx-model.ts';

/** A product of an activation and a FLOAT matrix of the file: MatMul, or Gemm, with what is added to it. */
export interface WeightProduct {
  readonly node: OnnxNode;
  readonly matrix: OnnxTensor;
  /** The axis of the matrix that the activation has, and that of what comes out. */
  readonly from: 0 | 1;
  readonly to: 0 | 1;
  /** Of Gemm: a row that is added, with a number for each place of what comes out. */
  readonly bias?: OnnxTensor;
}

/** The product that a node is; undefined where it is none, or of another form. */
export function weightProduct(
  node: OnnxNode | undefined,
  weights: ReadonlyMap<string, OnnxTensor>,
): WeightProduct | undefined {
  if (node?.domain !== '' || (node.opType !== 'MatMul' && node.opType !== 'Gemm')) return undefined;
  const [, second = '', third = ''] = node.inputs;
  const matrix = weights.get(second);
  if (matrix?.dataType !== dataTypes.FLOAT || matrix.shape.length !== 2) return undefined;
  if (node.opType === 'MatMul') return { node, matrix, from: 0, to: 1 };
  const bias = weights.get(third);
  const isTurned = (name: string) => {
    const attribute = node.attributes.get(name);
    return attribute?.kind === 'int' && attribute.value === 1;
  };
  const from = isTurned('transB') ? 1 : 0;
  const to = from === 0 ? 1 : 0;
  const isRow = bias?.shape.length === 1 && bias.shape[0] === matrix.shape[to];
  if (isTurned('transA') || (third !== '' && !isRow)) return undefined;
  return { node, matrix, from, to, ...(bias && { bias }) };
}
