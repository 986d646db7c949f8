import { GraphBuilder } from '../../test/fakes/graph-builder.ts';
import type { OnnxGraph } from '../../test/fakes/onnx-builder.ts';

/** A network that is trained: those of `train_steps.py` take the same weights in the same order. */
export type TrainingNetworkKind = 'mlp' | 'cnn' | 'encoder';

export const batchRows = 32;
const pixels = 28;
const [words, tokens, width, heads, inner, layers] = [30_522, 32, 384, 12, 1536, 6];

export interface TrainingNetwork {
  readonly graph: OnnxGraph;
  /** Of a batch. */
  readonly input: { readonly name: string; readonly datatype: 'FP32' | 'INT64'; readonly shape: readonly number[] };
  /** Whole numbers of the input are less than this. */
  readonly words: number;
  readonly classes: number;
}

/**
 * With random weights: the MLP of sklearn's digits (64, 32, 10); a CNN of 20,490 parameters, two convolutions of 3 × 3
 * with pools behind them; an encoder of the sizes of MiniLM (22.6 million) with a head on the mean of its vectors.
 */
export function trainingNetwork(kind: TrainingNetworkKind): TrainingNetwork {
  const layersOf = new Layers();
  if (kind === 'mlp') {
    const hidden = layersOf.node('Relu', [layersOf.dense('x', 64, 32)]);
    return layersOf.network(layersOf.dense(hidden, 32, 10), 'FP32', [64], 10);
  }
  if (kind === 'cnn') {
    const flat = layersOf.node('Flatten', [layersOf.convolution(layersOf.convolution('x', 1, 16), 16, 32)]);
    return layersOf.network(layersOf.dense(flat, 32 * (pixels / 4) ** 2, 10), 'FP32', [1, pixels, pixels], 10);
  }
  return layersOf.network(layersOf.dense(layersOf.encoder('x'), width, 77), 'INT64', [tokens], 77);
}

/** Nodes in a row, whose last gives one value. */
class Layers extends GraphBuilder {
  network(logits: string, datatype: 'FP32' | 'INT64', shape: readonly number[], classes: number): TrainingNetwork {
    const output = { name: logits, datatype: 'FP32' as const, shape: ['N', classes] };
    const { nodes, initializers } = this;
    return {
      graph: {
        inputs: [{ name: 'x', datatype, shape: ['N', ...shape] }],
        outputs: [output],
        nodes,
        initializers,
        opset: 20,
      },
      input: { name: 'x', datatype, shape: [batchRows, ...shape] },
      words,
      classes,
    };
  }

  dense(value: string, from: number, to: number): string {
    return this.node('Gemm', [value, this.weight(from, to), this.#bias(to)]);
  }

  /** Half as wide and high. */
  convolution(value: string, from: number, to: number): string {
    const weight = this.floats(this.randoms(to * from * 9, Math.sqrt(1 / (3 * from))), [to, from, 3, 3]);
    const slid = this.node('Conv', [value, weight, this.#bias(to)], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
    return this.node('MaxPool', [this.node('Relu', [slid])], { kernel_shape: [2, 2], strides: [2, 2] });
  }

  encoder(ids: string): string {
    const table = this.floats(this.randoms(words * width, 1), [words, width]);
    const places = this.floats(this.randoms(tokens * width, 1), [tokens, width]);
    let hidden = this.#normalized(this.node('Add', [this.node('Gather', [table, ids]), places]));
    for (let layer = 0; layer < layers; layer += 1) {
      const attended = this.#normalized(this.node('Add', [this.#attention(hidden), hidden]));
      const wide = this.node('Gelu', [this.#product(attended, width, inner)]);
      hidden = this.#normalized(this.node('Add', [this.#product(wide, inner, width), attended]));
    }
    return this.node('ReduceMean', [hidden, this.wholes([1])], { keepdims: 0 });
  }

  #attention(hidden: string): string {
    const apart = (perm: readonly number[]) => {
      const split = [this.#product(hidden, width, width), this.wholes([0, 0, heads, width / heads])];
      return this.node('Transpose', [this.node('Reshape', split)], { perm });
    };
    const [queries, keys, values] = [apart([0, 2, 1, 3]), apart([0, 2, 3, 1]), apart([0, 2, 1, 3])];
    const products = this.node('MatMul', [queries, keys]);
    const scores = this.node('Div', [products, this.number(Math.sqrt(width / heads))]);
    const mixed = this.node('MatMul', [this.node('Softmax', [scores], { axis: -1 }), values]);
    const together = this.node('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return this.#product(this.node('Reshape', [together, this.wholes([0, 0, width])]), width, width);
  }

  #product(value: string, from: number, to: number): string {
    return this.node('Add', [this.node('MatMul', [value, this.weight(from, to)]), this.#bias(to)]);
  }

  #normalized(value: string): string {
    const [scale, bias] = [this.floats(new Float32Array(width).fill(1), [width]), this.#bias(width)];
    return this.node('LayerNormalization', [value, scale, bias], { axis: -1, epsilon: { float: 1e-12 } });
  }

  #bias(size: number): string {
    return this.floats(this.randoms(size, 0.1), [size]);
  }
}
