import { countElements } from '../../src/protocol/count-elements.ts';
import { buildOnnx, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../../test/fakes/onnx-builder.ts';
import type { BenchModel } from './bench-model.ts';
import { randomWeight } from './random-weight.ts';
import { storeModel } from './store-model.ts';

// Blocks, and channels inside one, of each of the four stages. Source: He et al., "Deep residual learning", table 1.
const stages = [
  [3, 64],
  [4, 128],
  [6, 256],
  [3, 512],
] as const;

/** A ResNet-50 with random weights, its normalisation folded into them: 25.5 M parameters, 102 MB, on one picture. */
export function convolutionModel(): BenchModel {
  const input = { name: 'x', datatype: 'FP32', shape: [1, 3, 224, 224] } as const;
  return storeModel('convolution', buildOnnx(new ResidualNetwork().graph()), input, 'y');
}

class ResidualNetwork {
  readonly #nodes: OnnxNode[] = [];
  readonly #weights: OnnxTensor[] = [];

  graph(): OnnxGraph {
    let value = this.#relu(this.#convolve('x', 3, 64, 7, 2));
    value = this.#add('MaxPool', [value], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
    let channels = 64;
    for (const [stage, [blocks, inner]] of stages.entries()) {
      for (let block = 0; block < blocks; block += 1) {
        value = this.#block(value, channels, inner, block === 0 && stage > 0 ? 2 : 1);
        channels = inner * 4;
      }
    }
    const pooled = this.#add('Flatten', [this.#add('GlobalAveragePool', [value])]);
    const weight = this.#weight([channels, 1000], channels);
    this.#nodes.push({ op: 'MatMul', inputs: [pooled, weight], outputs: ['y'] });
    return {
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['n', 3, 224, 224] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['n', 1000] }],
      nodes: this.#nodes,
      initializers: this.#weights,
    };
  }

  #block(value: string, channels: number, inner: number, stride: number): string {
    const narrow = this.#relu(this.#convolve(value, channels, inner, 1, 1));
    const middle = this.#relu(this.#convolve(narrow, inner, inner, 3, stride));
    const wide = this.#convolve(middle, inner, inner * 4, 1, 1);
    const isSame = channels === inner * 4 && stride === 1;
    const past = isSame ? value : this.#convolve(value, channels, inner * 4, 1, stride);
    return this.#relu(this.#add('Add', [wide, past]));
  }

  #convolve(value: string, from: number, to: number, size: number, stride: number): string {
    const weight = this.#weight([to, from, size, size], from * size * size);
    const pad = size >> 1;
    const attributes = { kernel_shape: [size, size], strides: [stride, stride], pads: [pad, pad, pad, pad] };
    return this.#add('Conv', [value, weight], attributes);
  }

  #relu(value: string): string {
    return this.#add('Relu', [value]);
  }

  #weight(shape: readonly number[], fanIn: number): string {
    const name = `w${this.#weights.length}`;
    const elements = countElements(shape);
    this.#weights.push({ ...randomWeight(name, fanIn, elements / fanIn), shape });
    return name;
  }

  #add(op: string, inputs: readonly string[], attributes: OnnxNode['attributes'] = {}): string {
    const output = `v${this.#nodes.length}`;
    this.#nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }
}
