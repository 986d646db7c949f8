import { makeNode } from '../make-node.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { type ActivationRange, activationParameters } from './activation-parameters.ts';
import { matMulWeight } from './mat-mul-weight.ts';
import { onceEach } from './once-each.ts';
import { quantizeColumns } from './quantize-columns.ts';
import { quantizeConvolutions } from './quantize-convolutions.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/** The first opset whose DequantizeLinear has a scale for each column. */
const leastOpset = 13;

export interface StaticOptions {
  /** Weights of 7 bits, for processors whose products of 8 bits overflow: x86 without VNNI. @default false */
  readonly isReduced?: boolean;
}

/**
 * Quantizes each Conv by weights of the file (`quantizeConvolutions`), and each MatMul by a FLOAT matrix of it: weights
 * of 8 bits with a scale a column, and what they are multiplied with in `ranges`, by its name (`quantizedActivations`),
 * found before on samples. Nothing else is: sums, softmax and what a MatMul gives stay FLOAT, which costs no time, and
 * made all the difference in accuracy. So does a MatMul by several matrices in one tensor: the runtime fails on the
 * operator that it makes of that one. A MatMul whose activation has no range stays as it is.
 *
 * Throws where the model's opset is below 13.
 */
export function quantizeStatically(
  model: OnnxModel,
  ranges: ReadonlyMap<string, ActivationRange>,
  { isReduced = false }: StaticOptions = {},
): OnnxModel {
  const opset = model.opsets.get('') ?? 1;
  if (opset < leastOpset)
    throw new Error(
      `static int8 needs opset ${leastOpset}, and the model has ${opset}: export it with opset ${leastOpset} or later`,
    );
  const convolved = quantizeConvolutions(model, ranges, isReduced);
  const names = new Names(convolved);
  const quantized = onceEach((matrix) => quantizeColumns(matrix, names, isReduced));
  return rewriteNodes(convolved, () => {
    const activations = new Map<string, string>();
    return (node, weight) => {
      const matrix = matMulWeight(node, weight);
      const [input = ''] = node.inputs;
      const range = ranges.get(input);
      if (!matrix || !range) return undefined;
      const nodes: OnnxNode[] = [];
      const tensors: OnnxTensor[] = [];
      let activation = activations.get(input);
      if (activation === undefined) {
        const parameters = activationParameters(input, range, names);
        const values = names.fresh(`${input}_QuantizeLinear_Output`);
        activation = names.fresh(`${input}_DequantizeLinear_Output`);
        activations.set(input, activation);
        tensors.push(...parameters);
        const behind = parameters.map(({ name }) => name);
        nodes.push(
          makeNode('QuantizeLinear', [input, ...behind], [values], { name: `${input}_QuantizeLinear` }),
          makeNode('DequantizeLinear', [values, ...behind], [activation], { name: `${input}_DequantizeLinear` }),
        );
      }
      const quantizedWeight = quantized(matrix);
      tensors.push(...quantizedWeight);
      const floats = names.fresh(`${matrix.name}_DequantizeLinear_Output`);
      const axis = { kind: 'int', value: 1 } as const;
      nodes.push(
        makeNode(
          'DequantizeLinear',
          quantizedWeight.map(({ name }) => name),
          [floats],
          { attributes: { axis } },
        ),
        { ...node, inputs: [activation, floats] },
      );
      return { nodes, tensors };
    };
  });
}
