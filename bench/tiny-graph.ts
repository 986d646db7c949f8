import type { OnnxGraph, OnnxTensor } from '../test/fakes/onnx-builder.ts';

/** A digit classifier of two layers (784 → 128 → 10) with random weights. */
export function tinyGraph(): OnnxGraph {
  return {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['n', 784] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['n', 10] }],
    nodes: [
      { op: 'Gemm', inputs: ['x', 'w1', 'b1'], outputs: ['a'] },
      { op: 'Relu', inputs: ['a'], outputs: ['r'] },
      { op: 'Gemm', inputs: ['r', 'w2', 'b2'], outputs: ['z'] },
      { op: 'Softmax', inputs: ['z'], outputs: ['y'], attributes: { axis: 1 } },
    ],
    initializers: [weight('w1', [784, 128]), weight('b1', [128]), weight('w2', [128, 10]), weight('b2', [10])],
  };
}

function weight(name: string, shape: readonly number[]): OnnxTensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, () => (Math.random() - 0.5) / 5);
  return { name, datatype: 'FP32', shape, data: new Uint8Array(values.buffer) };
}
