import { makeNode } from '../make-node.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode } from '../onnx-model.ts';
import { castToFloat } from './cast-to-float.ts';
import { matMulWeight } from './mat-mul-weight.ts';
import { onceEach } from './once-each.ts';
import { quantizeColumns } from './quantize-columns.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

export interface DynamicOptions {
  /** Weights of 7 bits, for processors whose products of 8 bits overflow: x86 without VNNI. @default false */
  readonly isReduced?: boolean;
}

/**
 * Puts MatMulInteger in the place of each MatMul by a FLOAT matrix of the file, or several in one tensor: weights of 8
 * bits with a scale a column, activations of 8 bits with a scale that each run takes from them, over all rows. As
 * onnxruntime.quantization's `quantize_dynamic`, per channel.
 */
export function quantizeDynamically(model: OnnxModel, { isReduced = false }: DynamicOptions = {}): OnnxModel {
  const names = new Names(model);
  const quantizedWeight = onceEach((matrix) => quantizeColumns(matrix, names, isReduced));
  return rewriteNodes(model, () => {
    const activations = new Map<string, readonly string[]>();
    return (node, weight) => {
      const matrix = matMulWeight(node, weight, true);
      if (!matrix) return undefined;
      const tensors = quantizedWeight(matrix);
      const [input = ''] = node.inputs;
      const [output = ''] = node.outputs;
      const nodes: OnnxNode[] = [];
      let quantized = activations.get(input);
      if (!quantized) {
        quantized = ['quantized', 'scale', 'zero_point'].map((part) => names.fresh(`${input}_${part}`));
        activations.set(input, quantized);
        nodes.push(makeNode('DynamicQuantizeLinear', [input], quantized, { name: `${input}_QuantizeLinear` }));
      }
      const [values = '', scale = '', zeroPoint = ''] = quantized;
      const [weightValues = '', weightScale = '', weightZeroPoint = ''] = tensors.map(({ name }) => name);
      const [product = '', sum = '', scales = ''] = ['output_quantized', 'output_quantized_cast_output', 'scales'].map(
        (part) => names.fresh(`${output}_${part}`),
      );
      nodes.push(
        makeNode('MatMulInteger', [values, weightValues, zeroPoint, weightZeroPoint], [product], {
          name: node.name && `${node.name}_quant`,
        }),
        castToFloat(product, sum),
        makeNode('Mul', [scale, weightScale], [scales]),
        makeNode('Mul', [sum, scales], node.outputs),
      );
      return { nodes, tensors };
    };
  });
}
