import { buildOnnx, type OnnxNode, type OnnxTensor } from '../../test/fakes/onnx-builder.ts';
import type { BenchModel } from './bench-model.ts';
import { randomWeight } from './random-weight.ts';
import { storeModel } from './store-model.ts';

const width = 384;
const layers = 6;

/**
 * An encoder like MiniLM, on the 64 tokens of a text: 6 layers of attention and a feed-forward part, each normalized.
 */
export function encoderModel(): BenchModel {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [
    vector('ones', new Float32Array(width).fill(1)),
    vector('shift', new Float32Array(width).fill(0.1)),
    { ...vector('root', Float32Array.of(Math.sqrt(width))), shape: [] },
  ];
  let hidden = 'x';
  for (let layer = 0; layer < layers; layer += 1) {
    const node = (op: string, inputs: string[], part: string, attributes = {}) => {
      nodes.push({ op, inputs, outputs: [`${part}${layer}`], attributes });
      return `${part}${layer}`;
    };
    const product = (input: string, part: string, rows = width, columns = width) => {
      initializers.push(randomWeight(`w_${part}${layer}`, rows, columns));
      return node('MatMul', [input, `w_${part}${layer}`], part);
    };
    const normalized = (left: string, right: string, part: string) => {
      const sum = node('Add', [left, right], `${part}_sum`);
      return node('LayerNormalization', [sum, 'ones', 'shift'], part, { axis: -1, epsilon: { float: 1e-12 } });
    };
    const keys = node('Transpose', [product(hidden, 'key')], 'keys', { perm: [1, 0] });
    const scores = node('Div', [node('MatMul', [product(hidden, 'query'), keys], 'products'), 'root'], 'scores');
    const weights = node('Softmax', [scores], 'attention', { axis: 1 });
    const mixed = node('MatMul', [weights, product(hidden, 'value')], 'mixed');
    const attended = normalized(hidden, product(mixed, 'out'), 'attended');
    const inner = node('Relu', [product(attended, 'up', width, width * 4)], 'inner');
    hidden = normalized(attended, product(inner, 'down', width * 4, width), 'hidden');
  }
  nodes.push({ op: 'Identity', inputs: [hidden], outputs: ['y'] });
  const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['tokens', width] });
  const content = buildOnnx({ inputs: [value('x')], outputs: [value('y')], nodes, initializers });
  return storeModel('encoder', content, { name: 'x', datatype: 'FP32', shape: [64, width] }, 'y');
}

function vector(name: string, values: Float32Array<ArrayBuffer>): OnnxTensor {
  return { name, datatype: 'FP32', shape: [values.length], data: new Uint8Array(values.buffer) };
}
