import type { Datatype } from '../../src/protocol/datatype.ts';
import { GraphBuilder } from './graph-builder.ts';
import type { OnnxGraph, OnnxValue } from './onnx-builder.ts';

export interface DecoderSizes {
  readonly layers: number;
  readonly width: number;
  readonly hidden: number;
  readonly heads: number;
  readonly cacheHeads: number;
  readonly vocabulary: number;
  readonly positions: number;
}

export interface DecoderForm {
  /** `concat`: caches are made anew in each run; `grouped`: GroupQueryAttention, which writes into them. */
  readonly attention: 'concat' | 'grouped';
  /** @default FP32 */
  readonly weights?: 'FP32' | 'INT4';
  /** Of caches and logits. @default FP32 */
  readonly caches?: 'FP32' | 'FP16';
  /** With `use_cache_branch`, which says whether there is a cache: two graphs merged to one. */
  readonly isMerged?: boolean;
  /** Merged: behind a cache, each of several tokens sees those behind it, as where it was made for one. */
  readonly seesAhead?: boolean;
  /** `counted`: of the tokens that there are in front, padding among them, without `position_ids`. @default given */
  readonly positions?: 'given' | 'counted';
}

const blockSize = 32;

/**
 * A decoder as Llama is one, with random weights, the same for the same sizes: `input_ids`, `attention_mask`,
 * `past_key_values.{i}.key` and `.value` to `logits` and `present.…`; without grouped attention with `position_ids`.
 */
export function decoderGraph(sizes: DecoderSizes, form: DecoderForm): OnnxGraph {
  const decoder = new DecoderBuilder(sizes, form);
  decoder.build();
  const { layers, cacheHeads, width, heads, vocabulary } = sizes;
  const { attention, caches = 'FP32', isMerged = false, positions = 'given' } = form;
  const wholes = (name: string, tokens: string): OnnxValue => value(name, 'INT64', ['sequences', tokens]);
  const each = (make: (name: string) => OnnxValue) =>
    Array.from({ length: layers }, (_, layer) => [make(`${layer}.key`), make(`${layer}.value`)]).flat();
  const cache = (tokens: string) => ['sequences', cacheHeads, tokens, width / heads];
  return {
    inputs: [
      wholes('input_ids', 'new'),
      wholes('attention_mask', 'all'),
      ...(attention === 'concat' && positions === 'given' ? [wholes('position_ids', 'new')] : []),
      ...(isMerged ? [value('use_cache_branch', 'BOOL', [1])] : []),
      ...each((name) => value(`past_key_values.${name}`, caches, cache('past'))),
    ],
    outputs: [
      value('logits', caches, ['sequences', 'new', vocabulary]),
      ...each((name) => value(`present.${name}`, caches, cache('all'))),
    ],
    nodes: decoder.graph.nodes,
    initializers: decoder.graph.initializers,
  };
}

function value(name: string, datatype: Datatype, shape: readonly (number | string)[]): OnnxValue {
  return { name, datatype, shape };
}

/** What all layers of a graph use. */
interface Shared {
  readonly cos: string;
  readonly sin: string;
  /** Concat: what is added to scores, and the rotations of the new tokens. */
  readonly bias?: string;
  /** Grouped: tokens of each sequence but one, and of the longest. */
  readonly lengths?: readonly [string, string];
}

class DecoderBuilder {
  readonly graph = new GraphBuilder();
  readonly #sizes: DecoderSizes;
  readonly #form: DecoderForm;
  readonly #headSize: number;

  constructor(sizes: DecoderSizes, form: DecoderForm) {
    this.#sizes = sizes;
    this.#form = form;
    this.#headSize = sizes.width / sizes.heads;
  }

  build(): void {
    const { graph } = this;
    const { vocabulary, width, hidden, layers } = this.#sizes;
    const words = graph.floats(graph.randoms(vocabulary * width, 1), [vocabulary, width]);
    let state = graph.node('Gather', [words, 'input_ids']);
    const shared = this.#form.attention === 'concat' ? this.#concatShared() : this.#groupedShared();
    for (let layer = 0; layer < layers; layer += 1) {
      const attended = this.#attention(layer, this.#normalized(state), shared);
      state = graph.node('Add', [state, this.#product(attended, width, width)]);
      const normalized = this.#normalized(state);
      const gate = this.#product(normalized, width, hidden);
      const opened = graph.node('Mul', [gate, graph.node('Sigmoid', [gate])]);
      const inner = graph.node('Mul', [opened, this.#product(normalized, width, hidden)]);
      state = graph.node('Add', [state, this.#product(inner, hidden, width)]);
    }
    const isHalf = this.#form.caches === 'FP16';
    const logits = this.#product(this.#normalized(state), width, vocabulary, isHalf ? undefined : 'logits');
    if (isHalf) graph.node('Cast', [logits], { to: 10 }, 'logits');
  }

  #attention(layer: number, state: string, shared: Shared): string {
    const { width, cacheHeads } = this.#sizes;
    const cacheWidth = cacheHeads * this.#headSize;
    const query = this.#product(state, width, width);
    const key = this.#product(state, width, cacheWidth);
    const values = this.#product(state, width, cacheWidth);
    const parts = [query, key, values] as const;
    return shared.lengths ? this.#grouped(layer, parts, shared) : this.#concat(layer, parts, shared);
  }

  #grouped(layer: number, parts: readonly string[], { cos, sin, lengths = ['', ''] }: Shared): string {
    const { heads, cacheHeads } = this.#sizes;
    const pasts = [`past_key_values.${layer}.key`, `past_key_values.${layer}.value`];
    const output = `attended${layer}`;
    this.graph.nodesWith(
      'com.microsoft.GroupQueryAttention',
      [...parts, ...pasts, ...lengths, cos, sin],
      [output, `present.${layer}.key`, `present.${layer}.value`],
      { num_heads: heads, kv_num_heads: cacheHeads, do_rotary: 1 },
    );
    return output;
  }

  #concat(layer: number, parts: readonly string[], shared: Shared): string {
    const { graph } = this;
    const { heads, cacheHeads, width } = this.#sizes;
    const [query, key, values] = parts as [string, string, string];
    const group = heads / cacheHeads;
    const split = (input: string, each: number) =>
      graph.node(
        'Transpose',
        [graph.node('Reshape', [input, graph.wholes([0, 0, cacheHeads, each, this.#headSize])])],
        {
          perm: [0, 2, 3, 1, 4],
        },
      );
    const whole = (kind: 'key' | 'value', input: string) => {
      const flat = graph.node('Squeeze', [input, graph.wholes([2])]);
      return graph.node('Unsqueeze', [this.#withPast(layer, kind, flat), graph.wholes([2])]);
    };
    const keys = whole('key', this.#rotated(split(key, 1), shared));
    const turned = graph.node('Transpose', [keys], { perm: [0, 1, 2, 4, 3] });
    const scores = graph.node('MatMul', [this.#rotated(split(query, group), shared), turned]);
    const scaled = graph.node('Mul', [scores, graph.number(1 / Math.sqrt(this.#headSize))]);
    const weights = graph.node('Softmax', [graph.node('Add', [scaled, shared.bias ?? ''])], { axis: -1 });
    const mixed = graph.node('MatMul', [weights, whole('value', split(values, 1))]);
    const back = graph.node('Transpose', [mixed], { perm: [0, 3, 1, 2, 4] });
    return graph.node('Reshape', [back, graph.wholes([0, 0, width])]);
  }

  /** The new tokens behind those of the cache, [sequences, heads, tokens, size]; they are the next cache. */
  #withPast(layer: number, kind: 'key' | 'value', input: string): string {
    const { graph } = this;
    const isHalf = this.#form.caches === 'FP16';
    const fresh = isHalf ? graph.node('Cast', [input], { to: 10 }) : input;
    const past = `past_key_values.${layer}.${kind}`;
    const present = `present.${layer}.${kind}`;
    if (this.#form.isMerged) {
      const branch = (op: string, inputs: readonly string[], attributes: Readonly<Record<string, number>>) => ({
        graph: {
          inputs: [],
          outputs: [{ name: `${present}.${op}`, datatype: 'FP32' as const, shape: ['s', 'h', 't', 'd'] }],
          nodes: [{ op, inputs, outputs: [`${present}.${op}`], attributes }],
        },
      });
      const whole = {
        then_branch: branch('Concat', [past, fresh], { axis: 2 }),
        else_branch: branch('Identity', [fresh], {}),
      };
      graph.node('If', ['use_cache_branch'], whole, present);
    } else graph.node('Concat', [past, fresh], { axis: 2 }, present);
    return isHalf ? graph.node('Cast', [present], { to: 1 }) : present;
  }

  #rotated(input: string, { cos, sin }: Shared): string {
    const { graph } = this;
    const half = this.#headSize / 2;
    const [left = '', right = ''] = graph.nodesWith(
      'Split',
      [input, graph.wholes([half, half])],
      [`${input}.l`, `${input}.r`],
      { axis: -1 },
    );
    const product = (one: string, other: string) => graph.node('Mul', [one, other]);
    const first = graph.node('Sub', [product(left, cos), product(right, sin)]);
    const second = graph.node('Add', [product(right, cos), product(left, sin)]);
    return graph.node('Concat', [first, second], { axis: -1 });
  }

  #concatShared(): Shared {
    const { graph } = this;
    const positions = this.#positions();
    const [cos, sin] = this.#rotations();
    const forHeads = (table: string) =>
      graph.node('Unsqueeze', [graph.node('Gather', [table, positions]), graph.wholes([1, 2])]);
    // Each token sees those that are not behind it, by their places among those that are no padding.
    const counted = graph.node('CumSum', ['attention_mask', graph.wholes([1], true)]);
    const places = graph.node('Sub', [counted, graph.wholes([1], true)]);
    const queries = graph.node('Unsqueeze', [positions, graph.wholes([2])]);
    const isInOrder = graph.node('LessOrEqual', [graph.node('Unsqueeze', [places, graph.wholes([1])]), queries]);
    const isBefore = this.#form.seesAhead ? graph.node('Or', [isInOrder, 'use_cache_branch']) : isInOrder;
    const isToken = graph.node('Cast', ['attention_mask'], { to: 9 });
    const isSeen = graph.node('And', [isBefore, graph.node('Unsqueeze', [isToken, graph.wholes([1])])]);
    const bias = graph.node('Where', [isSeen, graph.number(0), graph.number(-1e9)]);
    return { cos: forHeads(cos), sin: forHeads(sin), bias: graph.node('Unsqueeze', [bias, graph.wholes([1, 2])]) };
  }

  #positions(): string {
    const { graph } = this;
    if (this.#form.positions !== 'counted') return 'position_ids';
    const size = (name: string, axis: number) =>
      graph.node('Gather', [graph.node('Shape', [name]), graph.wholes([axis], true)]);
    const first = size('past_key_values.0.key', 2);
    const end = graph.node('Add', [first, size('input_ids', 1)]);
    return graph.node('Unsqueeze', [graph.node('Range', [first, end, graph.wholes([1], true)]), graph.wholes([0])]);
  }

  #groupedShared(): Shared {
    const { graph } = this;
    const [cos, sin] = this.#rotations();
    const counts = graph.node('ReduceSum', ['attention_mask', graph.wholes([1])], { keepdims: 0 });
    const lengths = graph.node('Cast', [graph.node('Sub', [counts, graph.wholes([1], true)])], { to: 6 });
    const longest = graph.node('Gather', [graph.node('Shape', ['attention_mask']), graph.wholes([1], true)]);
    return { cos, sin, lengths: [lengths, graph.node('Cast', [longest], { to: 6 })] };
  }

  /** Cosines and sines of each position, for half of a head's numbers. */
  #rotations(): readonly [string, string] {
    const { positions } = this.#sizes;
    const half = this.#headSize / 2;
    const table = (of: (angle: number) => number) => {
      const angle = (index: number) => Math.floor(index / half) / 10_000 ** ((index % half) / half);
      return this.graph.floats(
        Float32Array.from({ length: positions * half }, (_, index) => of(angle(index))),
        [positions, half],
      );
    };
    return [table(Math.cos), table(Math.sin)];
  }

  #normalized(input: string): string {
    const { width } = this.#sizes;
    const ones = this.graph.floats(new Float32Array(width).fill(1), [width]);
    return this.graph.node('SimplifiedLayerNormalization', [input, ones], { axis: -1, epsilon: { float: 1e-5 } });
  }

  #product(input: string, rows: number, columns: number, output?: string): string {
    const { graph } = this;
    if (this.#form.weights !== 'INT4') return graph.node('MatMul', [input, graph.weight(rows, columns)], {}, output);
    const blocks = rows / blockSize;
    const packed = Uint8Array.from(graph.randoms((columns * rows) / 2, 128), (number) => number & 255);
    const weight = graph.bytes(packed, [columns, blocks, blockSize / 2]);
    const scales = graph.floats(new Float32Array(columns * blocks).fill(Math.sqrt(3 / rows) / 8), [columns * blocks]);
    const attributes = { K: rows, N: columns, bits: 4, block_size: blockSize, accuracy_level: 4 };
    return graph.node('com.microsoft.MatMulNBits', [input, weight, scales], attributes, output);
  }
}
