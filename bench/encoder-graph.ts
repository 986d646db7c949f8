import type { OnnxGraph, OnnxNode, OnnxTensor } from '../test/fakes/onnx-builder.ts';

const width = 384;
const layers = 11;

/** Shape of the input: 64 tokens of a text. */
export const encoderShape = [64, width] as const;

/** An encoder the size of MiniLM: attention and a feed-forward part in each of 11 layers, 20 million random weights. */
export function encoderGraph(): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [weight('scale', [1]), weight('shift', [width])];
  let hidden = 'x';
  for (let layer = 0; layer < layers; layer += 1) {
    const name = (part: string) => `${part}${layer}`;
    const node = (op: string, inputs: string[], part: string, attributes = {}) => {
      nodes.push({ op, inputs, outputs: [name(part)], attributes });
      return name(part);
    };
    const product = (input: string, part: string, rows: number, columns: number) => {
      initializers.push(weight(name(`w_${part}`), [rows, columns]));
      return node('MatMul', [input, name(`w_${part}`)], part);
    };
    const [query, key, value] = ['q', 'k', 'v'].map((part) => product(hidden, part, width, width)) as [
      string,
      string,
      string,
    ];
    const scores = node('MatMul', [query, node('Transpose', [key], 'kt', { perm: [1, 0] })], 'scores');
    const mixed = node('MatMul', [node('Softmax', [scores], 'attention', { axis: 1 }), value], 'mixed');
    const attended = node('Add', [hidden, product(mixed, 'o', width, width)], 'attended');
    const inner = node('Relu', [product(attended, 'up', width, width * 4)], 'inner');
    const sum = node('Add', [attended, product(inner, 'down', width * 4, width)], 'sum');
    hidden = node('Mul', [node('Add', [sum, 'shift'], 'shifted'), 'scale'], 'hidden');
  }
  nodes.push({ op: 'Identity', inputs: [hidden], outputs: ['y'] });
  return {
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['tokens', width] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['tokens', width] }],
    nodes,
    initializers,
  };
}

function weight(name: string, shape: readonly number[]): OnnxTensor {
  const length = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length }, () => (Math.random() - 0.5) / 10);
  return { name, datatype: 'FP32', shape, data: new Uint8Array(values.buffer) };
}
