import { seededRandom } from '../../../src/core/seeded-random.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../fakes/onnx-builder.ts';
import type { FloatType } from './tensors.ts';
import type { LabelledRows } from './trained-model.ts';

const side = 8;
const classes = 10;

/** Weights as PyTorch begins: evenly between ±1/√inputs. */
function weights(type: FloatType) {
  const random = seededRandom(3);
  return (name: string, shape: readonly number[], inputs: number): OnnxTensor => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Array.from({ length: count }, () => (2 * random() - 1) / Math.sqrt(inputs));
    const data = type === 'FP32' ? Float32Array.from(values) : Float64Array.from(values);
    return { name, datatype: type, shape, data: new Uint8Array(data.buffer) };
  };
}

/** Of pictures as rows, which ends in a Softmax, as a model that is served does. */
export function mlp(type: FloatType, width = 16): OnnxGraph {
  const weight = weights(type);
  return {
    inputs: [{ name: 'x', datatype: type, shape: ['N', side * side] }],
    outputs: [{ name: 'probabilities', datatype: type, shape: ['N', classes] }],
    nodes: [
      { op: 'MatMul', inputs: ['x', 'w1'], outputs: ['product'] },
      { op: 'Add', inputs: ['product', 'b1'], outputs: ['sum'] },
      { op: 'Relu', inputs: ['sum'], outputs: ['hidden'] },
      { op: 'Gemm', inputs: ['hidden', 'w2', 'b2'], outputs: ['logits'], attributes: { transB: 1 } },
      { op: 'Softmax', inputs: ['logits'], outputs: ['probabilities'] },
    ],
    initializers: [
      weight('w1', [side * side, width], side * side),
      weight('b1', [width], side * side),
      weight('w2', [classes, width], width),
      weight('b2', [classes], width),
    ],
  };
}

/**
 * Of pictures: two convolutions, a pool, and a layer over all that is left. In FP64, for which there is no Conv, of
 * products.
 */
export function cnn(type: FloatType): OnnxGraph {
  const weight = weights(type);
  const layers =
    type === 'FP32'
      ? [
          { op: 'Conv', inputs: ['x', 'w1', 'b1'], outputs: ['c1'] },
          { op: 'Relu', inputs: ['c1'], outputs: ['r1'] },
          { op: 'MaxPool', inputs: ['r1'], outputs: ['pooled'], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
          { op: 'Conv', inputs: ['pooled', 'w2', 'b2'], outputs: ['c2'] },
        ]
      : [
          ...asProduct('x', 'w1', 'b1', 'c1', [1, side], [4, 3]),
          { op: 'Relu', inputs: ['c1'], outputs: ['r1'] },
          { op: 'MaxPool', inputs: ['r1'], outputs: ['pooled'], attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
          ...asProduct('pooled', 'w2', 'b2', 'c2', [4, 3], [6, 2]),
        ];
  return {
    inputs: [{ name: 'x', datatype: type, shape: ['N', 1, side, side] }],
    outputs: [{ name: 'logits', datatype: type, shape: ['N', classes] }],
    nodes: [
      ...layers,
      { op: 'Relu', inputs: ['c2'], outputs: ['r2'] },
      { op: 'Flatten', inputs: ['r2'], outputs: ['flat'] },
      { op: 'Gemm', inputs: ['flat', 'w3', 'b3'], outputs: ['logits'], attributes: { transB: 1 } },
    ],
    initializers: [
      weight('w1', [4, 1, 3, 3], 9),
      weight('b1', [4], 9),
      weight('w2', [6, 4, 2, 2], 16),
      weight('b2', [6], 16),
      weight('w3', [classes, 24], 24),
      weight('b3', [classes], 24),
    ],
  };
}

/** A convolution of [N, channels, size, size] as a product of all windows and the kernels. */
function asProduct(
  x: string,
  w: string,
  b: string,
  y: string,
  [channels, size]: readonly [number, number],
  [kernels, width]: readonly [number, number],
): OnnxNode[] {
  const reach = size - width + 1;
  const upTo = (count: number) => Array.from({ length: count }, (_item, at) => at);
  const windows = upTo(reach * reach).flatMap((place) =>
    upTo(channels * width * width).map((at) => {
      const [row, column] = [
        Math.floor(place / reach) + (Math.floor(at / width) % width),
        (place % reach) + (at % width),
      ];
      return Math.floor(at / (width * width)) * size * size + row * size + column;
    }),
  );
  const wholes = (name: string, shape: readonly number[], values: readonly number[]): OnnxNode => {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return {
      op: 'Constant',
      inputs: [],
      outputs: [name],
      attributes: { value: { tensor: { name, datatype: 'INT64', shape, data } } },
    };
  };
  const node = (
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: OnnxNode['attributes'] = {},
  ): OnnxNode => ({
    op,
    inputs,
    outputs: [output],
    attributes,
  });
  return [
    wholes(`${y}windows`, [reach * reach, channels * width * width], windows),
    wholes(`${y}rows`, [2], [kernels, -1]),
    wholes(`${y}pictures`, [4], [0, kernels, reach, reach]),
    wholes(`${y}wide`, [3], [-1, 1, 1]),
    node('Flatten', [x], `${y}flat`),
    node('Gather', [`${y}flat`, `${y}windows`], `${y}taken`, { axis: 1 }),
    node('Reshape', [w, `${y}rows`], `${y}kernels`),
    node('Transpose', [`${y}kernels`], `${y}turned`, { perm: [1, 0] }),
    node('MatMul', [`${y}taken`, `${y}turned`], `${y}product`),
    node('Transpose', [`${y}product`], `${y}channels`, { perm: [0, 2, 1] }),
    node('Reshape', [`${y}channels`, `${y}pictures`], `${y}apart`),
    node('Reshape', [b, `${y}wide`], `${y}bias`),
    node('Add', [`${y}apart`, `${y}bias`], y),
  ];
}

/** Pictures of ten classes: a pattern each, and noise. */
export function pictures(count: number): LabelledRows {
  const random = seededRandom(5);
  const patterns = Array.from({ length: classes }, () => Array.from({ length: side * side }, () => random()));
  const labels = Array.from({ length: count }, (_item, at) => at % classes);
  const rows = labels.map((label) => (patterns[label] ?? []).map((dot) => 0.6 * dot + 0.4 * random()));
  return { shape: [side * side], rows, labels };
}
