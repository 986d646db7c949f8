import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxTensor } from '../onnx-model.ts';
import { blockSizes } from './block-sizes.ts';
import { matMulWeight } from './mat-mul-weight.ts';
import { onceEach } from './once-each.ts';
import { type BlockQuantization, quantizeBlocks } from './quantize-blocks.ts';
import { rewriteNodes } from './rewrite-nodes.ts';
import { sharedTensors, type TensorPlan } from './shared-tensors.ts';

const domain = 'com.microsoft';

export interface MatMulNBitsOptions extends BlockQuantization {
  /**
   * How exact products are: 0 leaves that to the runtime, with 4 they are of 8 bits. Which is the quicker depends on
   * the machine.
   */
  readonly accuracyLevel: 0 | 4;
}

/**
 * Puts MatMulNBits in the place of each MatMul by a FLOAT matrix of the file, whose weights then have 4 or 8 bits, and
 * a scale for each 32 of a column. As onnxruntime.quantization's MatMulNBitsQuantizer, byte for byte.
 */
export function quantizeMatMuls(model: OnnxModel, options: MatMulNBitsOptions): OnnxModel {
  const { bits, accuracyLevel } = options;
  const names = new Names(model);
  const quantized = onceEach((weight) => quantizedTensors(weight, options, names));
  const rewritten = rewriteNodes(model, () => (node, weight) => {
    const matrix = matMulWeight(node, weight);
    if (!matrix) return undefined;
    const tensors = quantized(matrix);
    const [rows = 0, columns = 0] = matrix.shape;
    const whole = (value: number) => ({ kind: 'int', value }) as const;
    const replacement = makeNode(
      'MatMulNBits',
      [node.inputs[0] as string, ...tensors.map(({ name }) => name)],
      node.outputs,
      {
        name: node.name && `${node.name}_Q${bits}`,
        domain,
        attributes: {
          K: whole(rows),
          N: whole(columns),
          bits: whole(bits),
          block_size: whole(blockSizes(rows, bits).blockSize),
          ...(accuracyLevel === 0 ? {} : { accuracy_level: whole(accuracyLevel) }),
        },
      },
    );
    return { nodes: [replacement], tensors };
  });
  if (rewritten === model) return model;
  const opsets = new Map(model.opsets);
  if (!opsets.has(domain)) opsets.set(domain, 1);
  return { ...rewritten, opsets };
}

function quantizedTensors(weight: OnnxTensor, options: BlockQuantization, names: Names): readonly OnnxTensor[] {
  const { bits, isSymmetric } = options;
  const [rows = 0, columns = 0] = weight.shape;
  const { blocks, blockBytes, zeroPointBytes } = blockSizes(rows, bits);
  const plans: TensorPlan[] = [
    [names.fresh(`${weight.name}_Q${bits}`), dataTypes.UINT8, [columns, blocks, blockBytes]],
    [names.fresh(`${weight.name}_scales`), dataTypes.FLOAT, [columns, blocks]],
  ];
  if (!isSymmetric) plans.push([names.fresh(`${weight.name}_zero_points`), dataTypes.UINT8, [columns, zeroPointBytes]]);
  return sharedTensors(plans, async () => {
    const { values, scales, zeroPoints } = await quantizeBlocks(weight, options);
    return [values, scales, zeroPoints];
  });
}
