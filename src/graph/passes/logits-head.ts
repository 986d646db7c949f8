import { namesRead } from '../names-read.ts';
import type { OnnxGraph, OnnxNode } from '../onnx-model.ts';
import { operatorOf } from '../operator-of.ts';

/** What makes the logits of tokens out of the states of the same tokens. */
export interface LogitsHead {
  /** The value that holds the states, [sequences, tokens, size], and the one node of the head that reads it. */
  readonly states: string;
  readonly reader: OnnxNode;
  /** The values behind, `logits` among them. */
  readonly behind: ReadonlySet<string>;
}

type Shape = readonly number[];

const products = new Set(['MatMul', 'MatMulInteger', 'com.microsoft.FusedMatMul', 'com.microsoft.MatMulNBits']);
const alone = new Set(['Identity', 'Cast', 'Tanh']);
const pairs = new Set(['Add', 'Sub', 'Mul', 'Div', 'Min', 'Max']);
const scaled = new Set(['QuantizeLinear', 'DequantizeLinear']);
const turned = new Set(['Transpose', 'Cast', 'DequantizeLinear', 'Identity']);

/**
 * Finds how a graph makes its output `logits`, [sequences, tokens, vocabulary]: by a product, and what else does the
 * same to each token on its own. Undefined where anything else reads what lies between, or it is not known that tokens
 * stay apart.
 */
export function logitsHead(graph: OnnxGraph): LogitsHead | undefined {
  return new HeadFinder(graph).find();
}

class HeadFinder {
  readonly #graph: OnnxGraph;
  readonly #makers = new Map<string, OnnxNode>();
  readonly #readers = new Map<string, number>();

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
    const count = (name: string) => this.#readers.set(name, (this.#readers.get(name) ?? 0) + 1);
    for (const { name } of graph.outputs) count(name);
    for (const node of graph.nodes) {
      for (const name of node.outputs) this.#makers.set(name, node);
      for (const name of namesRead(node)) count(name);
    }
  }

  find(): LogitsHead | undefined {
    const logits = this.#graph.outputs.find(({ name }) => name === 'logits');
    if (logits?.type?.shape?.length !== 3) return undefined;
    const behind = new Set<string>();
    let head: LogitsHead | undefined;
    for (let value = 'logits'; this.#readers.get(value) === 1; ) {
      const reader = this.#makers.get(value);
      if (!reader) break;
      const product = head ? undefined : this.#product(reader);
      // Ahead of the product only the scales are passed that belong to it: what the runtime makes one operator of stays
      // together.
      const states = product ?? (head ? this.#scaled(reader) : this.#perToken(reader));
      if (!states) break;
      behind.add(value);
      if (head || product) head = { states, reader, behind: new Set(behind) };
      value = states;
    }
    return head;
  }

  /** The states that a node multiplies by a matrix. */
  #product(node: OnnxNode): string | undefined {
    const operator = operatorOf(node);
    const [states, weight = ''] = node.inputs;
    const isTurned = ['transA', 'transBatchA'].some((name) => !isZero(node, name));
    if (!products.has(operator) || isTurned) return undefined;
    return operator === 'com.microsoft.MatMulNBits' || this.#fixedShape(weight)?.length === 2 ? states : undefined;
  }

  /** What a node makes something of, of each element on its own. */
  #perToken(node: OnnxNode): string | undefined {
    const operator = operatorOf(node);
    const [one = '', other = ''] = node.inputs;
    if (alone.has(operator)) return one;
    if (!pairs.has(operator)) return this.#scaled(node);
    if (isSameForTokens(this.#fixedShape(other))) return one;
    return isSameForTokens(this.#fixedShape(one)) ? other : undefined;
  }

  /** What a node writes with another scale, one for all. */
  #scaled(node: OnnxNode): string | undefined {
    const [values, ...scales] = node.inputs;
    const isOne = scales.every((name) => name === '' || this.#fixedShape(name)?.every((size) => size === 1));
    return scaled.has(operatorOf(node)) && isOne ? values : undefined;
  }

  /** The shape of a value that no token has a part of its own in; undefined where that is not known. */
  #fixedShape(name: string): Shape | undefined {
    const tensor = this.#graph.initializers.get(name);
    if (tensor) return tensor.shape;
    const node = this.#makers.get(name);
    if (!node) return undefined;
    const operator = operatorOf(node);
    if (operator === 'Constant') return constantShape(node);
    // Its scale and zero point are of the whole tensor.
    if (operator === 'DynamicQuantizeLinear') return name === node.outputs[0] ? undefined : [];
    const [one = '', other = ''] = node.inputs;
    if (turned.has(operator)) return this.#fixedShape(one);
    if (operator !== 'Mul') return undefined;
    const [shape, otherShape] = [this.#fixedShape(one), this.#fixedShape(other)];
    return shape && otherShape && (shape.length >= otherShape.length ? shape : otherShape);
  }
}

function isZero({ attributes }: OnnxNode, name: string): boolean {
  const attribute = attributes.get(name);
  return attribute === undefined || (attribute.kind === 'int' && attribute.value === 0);
}

function constantShape({ attributes }: OnnxNode): Shape | undefined {
  const value = attributes.get('value');
  if (value?.kind === 'tensor') return value.value.shape;
  return attributes.get('value_float')?.kind === 'float' ? [] : undefined;
}

function isSameForTokens(shape: Shape | undefined): boolean {
  return shape !== undefined && shape.length < 3 && shape.slice(0, -1).every((size) => size === 1);
}
