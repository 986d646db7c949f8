import { buildOnnx, type OnnxNode, type OnnxTensor } from '../../test/fakes/onnx-builder.ts';
import { randomWeight } from './random-weight.ts';
import { storeContent } from './store-content.ts';
import type { StoredModel } from './stored-model.ts';

const words = 30_522;
const width = 384;
const heads = 12;
const layers = 6;

/**
 * An encoder of the sizes of MiniLM, from `input_ids` and `attention_mask` [texts, tokens] to `embedding` [texts, 384],
 * the mean over the tokens that are no padding; without a mask among its inputs, those that are 0 are padding. Where it
 * does not pool, to `last_hidden_state` [texts, tokens, 384], as Hugging Face's exports give it.
 */
export function textEncoderModel(name = 'text-encoder', { takesMask = true, pools = true } = {}): StoredModel {
  const ids = (input: string) => ({ name: input, datatype: 'INT64' as const, shape: ['texts', 'tokens'] });
  const graph = new EncoderGraph();
  graph.build(takesMask, pools);
  const output = pools
    ? { name: 'embedding', shape: ['texts', width] }
    : { name: 'last_hidden_state', shape: ['texts', 'tokens', width] };
  const content = buildOnnx({
    inputs: takesMask ? [ids('input_ids'), ids('attention_mask')] : [ids('input_ids')],
    outputs: [{ ...output, datatype: 'FP32' }],
    nodes: graph.nodes,
    initializers: graph.initializers,
  });
  return storeContent(name, content);
}

class EncoderGraph {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];

  build(takesMask: boolean, pools: boolean): void {
    this.#floats('ones', new Float32Array(width).fill(1), [width]);
    this.#floats('shift', new Float32Array(width).fill(0.1), [width]);
    this.#floats('root', Float32Array.of(Math.sqrt(width / heads)), []);
    this.#floats('one', Float32Array.of(1), []);
    this.#floats('never', Float32Array.of(-10_000), []);
    this.#wholes('split', [0, 0, heads, width / heads]);
    this.#wholes('merge', [0, 0, width]);
    this.#wholes('afterTexts', [1, 2]);
    this.#wholes('tokens', [1]);
    this.#wholes('last', [2]);
    this.initializers.push({ ...randomWeight('words', 3, words * (width / 3)), shape: [words, width] });
    this.#wholes('padding', [0]);
    const given = takesMask ? 'attention_mask' : this.#node('Greater', ['input_ids', 'padding']);
    const mask = this.#node('Cast', [given], { to: 1 });
    const unseen = this.#node('Mul', [this.#node('Sub', ['one', mask]), 'never']);
    const bias = this.#node('Unsqueeze', [unseen, 'afterTexts']);
    let hidden = this.#node('Gather', ['words', 'input_ids']);
    for (let layer = 0; layer < layers; layer += 1) hidden = this.#layer(hidden, bias);
    if (!pools) {
      this.nodes.push({ op: 'Identity', inputs: [hidden], outputs: ['last_hidden_state'] });
      return;
    }
    const column = this.#node('Unsqueeze', [mask, 'last']);
    const sum = this.#node('ReduceSum', [this.#node('Mul', [hidden, column]), 'tokens'], { keepdims: 0 });
    const count = this.#node('ReduceSum', [mask, 'tokens'], { keepdims: 1 });
    this.nodes.push({ op: 'Div', inputs: [sum, count], outputs: ['embedding'] });
  }

  #layer(hidden: string, bias: string): string {
    const head = (perm: readonly number[]) => {
      const parts = this.#node('Reshape', [this.#product(hidden, width, width), 'split']);
      return this.#node('Transpose', [parts], { perm });
    };
    const [query, keys, values] = [head([0, 2, 1, 3]), head([0, 2, 3, 1]), head([0, 2, 1, 3])];
    const scores = this.#node('Div', [this.#node('MatMul', [query, keys]), 'root']);
    const weights = this.#node('Softmax', [this.#node('Add', [scores, bias])], { axis: -1 });
    const mixed = this.#node('Transpose', [this.#node('MatMul', [weights, values])], { perm: [0, 2, 1, 3] });
    const attended = this.#normalized(hidden, this.#product(this.#node('Reshape', [mixed, 'merge']), width, width));
    const inner = this.#node('Relu', [this.#product(attended, width, width * 4)]);
    return this.#normalized(attended, this.#product(inner, width * 4, width));
  }

  #normalized(left: string, right: string): string {
    const sum = this.#node('Add', [left, right]);
    return this.#node('LayerNormalization', [sum, 'ones', 'shift'], { axis: -1, epsilon: { float: 1e-12 } });
  }

  #product(input: string, rows: number, columns: number): string {
    const name = `weight${this.initializers.length}`;
    this.initializers.push(randomWeight(name, rows, columns));
    return this.#node('MatMul', [input, name]);
  }

  #node(op: string, inputs: readonly string[], attributes: NonNullable<OnnxNode['attributes']> = {}): string {
    const output = `value${this.nodes.length}`;
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  #floats(name: string, values: Float32Array<ArrayBuffer>, shape: readonly number[]): void {
    this.initializers.push({ name, datatype: 'FP32', shape, data: new Uint8Array(values.buffer) });
  }

  #wholes(name: string, values: readonly number[]): void {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.initializers.push({ name, datatype: 'INT64', shape: [values.length], data });
  }
}
