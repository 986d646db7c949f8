import { seededRandom } from '../../../src/core/seeded-random.ts';
import type { OnnxGraph, OnnxTensor } from '../../fakes/onnx-builder.ts';
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
export function mlp(type: FloatType): OnnxGraph {
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
      weight('w1', [side * side, 16], side * side),
      weight('b1', [16], side * side),
      weight('w2', [classes, 16], 16),
      weight('b2', [classes], 16),
    ],
  };
}

/** Pictures of ten classes: a pattern each, and noise. */
export function pictures(count: number): LabelledRows {
  const random = seededRandom(5);
  const patterns = Array.from({ length: classes }, () => Array.from({ length: side * side }, () => random()));
  const labels = Array.from({ length: count }, (_item, at) => at % classes);
  const rows = labels.map((label) => (patterns[label] ?? []).map((dot) => 0.6 * dot + 0.4 * random()));
  return { shape: [side * side], rows, labels };
}
