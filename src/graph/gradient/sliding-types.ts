import { dataTypes } from '../data-types.ts';
import type { OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import type { TypeRule } from './type-rule.ts';
import type { Dimension } from './value-type.ts';

const { wholes, whole, text } = attributeOf;

/**
 * What slides over the dimensions after rows and channels, by kernels of `kernel`. Source: ONNX, Operators.md, Conv and
 * MaxPool.
 */
function slid(node: OnnxNode, sizes: readonly Dimension[], kernel: readonly Dimension[]): readonly Dimension[] {
  const strides = wholes(node, 'strides');
  const dilations = wholes(node, 'dilations');
  const pads = wholes(node, 'pads');
  const auto = text(node, 'auto_pad') ?? 'NOTSET';
  return sizes.map((size, axis) => {
    const [stride, width] = [strides?.[axis] ?? 1, kernel[axis]];
    // Where windows are rounded up, the last may be left out: it depends on the runtime.
    if (typeof size !== 'number' || typeof width !== 'number' || whole(node, 'ceil_mode')) return undefined;
    if (auto.startsWith('SAME')) return Math.ceil(size / stride);
    const padded = auto === 'VALID' ? size : size + (pads?.[axis] ?? 0) + (pads?.[axis + sizes.length] ?? 0);
    return Math.floor((padded - (dilations?.[axis] ?? 1) * (width - 1) - 1) / stride) + 1;
  });
}

const convolution: TypeRule = (node, [x, w]) => {
  const dataType = x?.dataType ?? w?.dataType;
  if (!x?.shape || !w?.shape) return [{ dataType }];
  const [rows, , ...sizes] = x.shape;
  return [{ dataType, shape: [rows, w.shape[0], ...slid(node, sizes, w.shape.slice(2))] }];
};
const pool: TypeRule = (node, [x]) => {
  if (!x?.shape) return [{ dataType: x?.dataType }, { dataType: dataTypes.INT64 }];
  const [rows, channels, ...sizes] = x.shape;
  const shape = [rows, channels, ...slid(node, sizes, wholes(node, 'kernel_shape') ?? [])];
  return [
    { dataType: x.dataType, shape },
    { dataType: dataTypes.INT64, shape },
  ];
};
const globalPool: TypeRule = (_node, [x]) => [
  { dataType: x?.dataType, shape: x?.shape?.map((size, axis) => (axis < 2 ? size : 1)) },
];

/** What is known of the outputs of convolutions and pools. */
export const slidingTypes: Readonly<Record<string, TypeRule>> = {
  Conv: convolution,
  ConvTranspose: (_node, [x]) => [{ dataType: x?.dataType, shape: x?.shape?.map(() => undefined) }],
  MaxPool: pool,
  AveragePool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
};
