import { countElements } from '../../protocol/count-elements.ts';
import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { noBytes } from '../no-bytes.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../onnx-model.ts';
import { fixedWeights } from './fixed-weights.ts';
import type { Network, Normal } from './network.ts';

const opset = 20;
/** The version of the format that goes with opset 20. Source: ONNX, Versioning.md. */
const irVersion = 9;
const kernel = 3;
/** With gradients and moments some gigabytes; more would end the process, without a word, on most machines. */
const mostParameters = 100_000_000;

/**
 * A network whose weights are drawn anew: the same ones from the same `random`, which gives numbers from 0 to 1.
 *
 * What comes before a Relu is drawn as He et al. ("Delving Deep into Rectifiers", 2015, equation 10) have it, evenly
 * from ±√(6 / inputs); the last layer begins at 0, so that all classes are as likely at first, and a mean is what is
 * predicted; but that of vectors is drawn too, as 0 has no direction. Means and scales are named so that they can be
 * told from what is trained. Throws an Error, before any weight is drawn, where there would be too many.
 */
export function newNetwork(network: Network, random: () => number): OnnxModel {
  const { kind, hidden, input, output } = network;
  const parameters = countParameters(network);
  if (parameters > mostParameters)
    throw new Error(
      `the network would have ${parameters.toLocaleString('en-US')} parameters: expected ${mostParameters.toLocaleString('en-US')} at most, by fewer or smaller layers ('hidden' of a recipe), or fewer columns or classes`,
    );
  const layers = new Layers(random);
  let value = input.normal ? layers.normalized(input.name, input.normal, input.shape.length) : input.name;
  let size = countElements(input.shape);
  if (kind === 'cnn') {
    if (input.picture) value = layers.reshaped(value, input.picture);
    let [channels = 1] = input.picture ?? input.shape;
    for (const [at, wide] of hidden.entries()) {
      // Strides in place of pools: these are slow to go back through.
      value = layers.convolution(value, channels, wide, at === 0 ? 1 : 2);
      channels = wide;
    }
    value = layers.add('GlobalAveragePool', [value]);
    size = channels;
  }
  if (kind === 'cnn' || input.shape.length > 1) value = layers.add('Flatten', [value]);
  for (const wide of kind === 'mlp' ? hidden : []) {
    value = layers.add('Relu', [layers.dense(value, size, wide, Math.sqrt(6 / size))]);
    size = wide;
  }
  const last = output.normal ? `normal_${output.name}` : output.name;
  const bound = output.name === 'sentence_embedding' ? Math.sqrt(6 / size) : 0;
  layers.dense(value, size, output.size, bound, last);
  if (output.normal) layers.restored(last, output.normal, output.name);
  return layers.model(kind, [rowsOf(input.name, input.shape)], [rowsOf(output.name, [output.size])]);
}

function countParameters({ kind, hidden, input, output }: Network): number {
  const [channels = 1] = input.picture ?? input.shape;
  const first = kind === 'cnn' ? channels : countElements(input.shape);
  const inner = kind === 'cnn' || kind === 'mlp' ? hidden : [];
  const sizes = [first, ...inner, output.size];
  return inner.concat(output.size).reduce((sum, size, at) => {
    const isConvolution = kind === 'cnn' && at < inner.length;
    return sum + size * ((sizes[at] as number) * (isConvolution ? kernel * kernel : 1) + 1);
  }, 0);
}

function rowsOf(name: string, shape: readonly number[]): OnnxValue {
  return { name, type: { dataType: dataTypes.FLOAT, shape: ['batch', ...shape] } };
}

/** Nodes in a row, with their weights. */
class Layers {
  readonly #nodes: OnnxNode[] = [];
  readonly #weights = new Map<string, OnnxTensor>();
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(
    opType: string,
    inputs: readonly string[],
    attributes: Record<string, OnnxAttribute> = {},
    output = `${opType}_${this.#nodes.length + 1}`,
  ): string {
    this.#nodes.push(makeNode(opType, inputs, [output], { name: output, attributes }));
    return output;
  }

  dense(input: string, from: number, to: number, bound: number, output?: string): string {
    const at = this.#nodes.length + 1;
    const weights = this.#drawn(`weights_${at}`, [from, to], bound);
    return this.add('Gemm', [input, weights, this.#drawn(`bias_${at}`, [to], 0)], {}, output);
  }

  convolution(input: string, from: number, to: number, stride: number): string {
    const at = this.#nodes.length + 1;
    const bound = Math.sqrt(6 / (from * kernel * kernel));
    const weights = this.#drawn(`weights_${at}`, [to, from, kernel, kernel], bound);
    const attributes = {
      kernel_shape: ints(kernel, kernel),
      pads: ints(1, 1, 1, 1),
      strides: ints(stride, stride),
    };
    return this.add('Relu', [this.add('Conv', [input, weights, this.#drawn(`bias_${at}`, [to], 0)], attributes)]);
  }

  /** `rank` is that of a row: channels come before what they have. */
  normalized(input: string, { mean, scale }: Normal, rank: number): string {
    const shape = [mean.length, ...Array<number>(rank - 1).fill(1)];
    const less = this.add('Sub', [input, this.#fixed('mean', shape, mean)]);
    return this.add('Mul', [less, this.#fixed('scale', shape, scale)]);
  }

  restored(input: string, { mean, scale }: Normal, output: string): void {
    const spread = scale.map((each) => 1 / each);
    const wide = this.add('Mul', [input, this.#fixed('spread', [mean.length], spread)]);
    this.add('Add', [wide, this.#fixed('target_mean', [mean.length], mean)], {}, output);
  }

  reshaped(input: string, shape: readonly number[]): string {
    const { buffer } = BigInt64Array.from([-1, ...shape], BigInt);
    const sizes = makeTensor('picture', dataTypes.INT64, [shape.length + 1], new Uint8Array(buffer));
    this.#weights.set(sizes.name, sizes);
    return this.add('Reshape', [input, sizes.name]);
  }

  model(name: string, inputs: readonly OnnxValue[], outputs: readonly OnnxValue[]): OnnxModel {
    const initializers = this.#weights;
    const nodes = this.#nodes;
    return {
      irVersion,
      producerName: 'tensorgate',
      producerVersion: '',
      opsets: new Map([['', opset]]),
      graph: { name, nodes, initializers, sparseInitializers: [], inputs, outputs, values: [], extra: noBytes },
      functions: [],
      training: [],
      metadata: new Map(),
      extra: noBytes,
    };
  }

  #drawn(name: string, shape: readonly number[], bound: number): string {
    const count = countElements(shape);
    const values = new Float32Array(count);
    if (bound > 0) for (let at = 0; at < count; at += 1) values[at] = bound * (2 * this.#random() - 1);
    return this.#keep(name, shape, values);
  }

  #fixed(name: string, shape: readonly number[], values: readonly number[]): string {
    return this.#keep(fixedWeights + name, shape, Float32Array.from(values));
  }

  #keep(name: string, shape: readonly number[], { buffer }: Float32Array<ArrayBuffer>): string {
    this.#weights.set(name, makeTensor(name, dataTypes.FLOAT, shape, new Uint8Array(buffer)));
    return name;
  }
}

function ints(...value: number[]): OnnxAttribute {
  return { kind: 'ints', value };
}
