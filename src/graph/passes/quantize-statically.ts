import { Names } from '../names.ts';
import type { OnnxModel } from '../onnx-model.ts';
import type { ActivationRange } from './activation-parameters.ts';
import { dequantizedWeight } from './dequantized-weight.ts';
import { matMulWeight } from './mat-mul-weight.ts';
import { onceEach } from './once-each.ts';
import { quantizeColumns } from './quantize-columns.ts';
import { quantizeConvolutions } from './quantize-convolutions.ts';
import { rewriteNodes } from './rewrite-nodes.ts';
import { throughBytes } from './through-bytes.ts';

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
      const known = activations.get(input);
      const activation = known ?? names.fresh(`${input}_DequantizeLinear_Output`);
      activations.set(input, activation);
      const before = known === undefined && throughBytes({ name: input, range, from: input, to: activation }, names);
      const floats = dequantizedWeight(matrix, quantized(matrix), 1, names);
      return {
        nodes: [...(before ? before.nodes : []), floats.node, { ...node, inputs: [activation, floats.output] }],
        tensors: [...(before ? before.tensors : []), ...floats.tensors],
      };
    };
  });
}
