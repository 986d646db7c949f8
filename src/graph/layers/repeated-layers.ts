import { namesRead } from '../names-read.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode } from '../onnx-model.ts';

/** One of the layers that a model has several of: of the same operators, and of weights of the same shapes. */
export interface RepeatedLayer {
  readonly nodes: readonly OnnxNode[];
  /** What it takes from the layer before, and the one value that it gives. */
  readonly input: string;
  readonly output: string;
}

/** A stretch of nodes whose operators come again after `period` of them. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly period: number;
}

const mostNodes = 20_000;
const leastPeriod = 3;
/**
 * Nodes that are looked at for one stretch, and for all before another is: a chain of nodes that are all alike could be
 * cut in any way.
 */
const [mostVisits, manyVisits] = [5_000_000, 500_000];

/**
 * The layers that a graph repeats one after the other, each of which gives one value to the next, as the blocks of
 * transformers do: those that make up most of the graph. Empty where there are none.
 */
export function repeatedLayers(graph: OnnxGraph): readonly RepeatedLayer[] {
  const chain = new Chain(graph);
  if (chain.nodes.length > mostNodes) return [];
  let best: readonly RepeatedLayer[] = [];
  let visits = 0;
  const covered = (layers: readonly RepeatedLayer[]) => layers.length * (layers[0]?.nodes.length ?? 0);
  for (const stretch of stretches(chain.signatures)) {
    if (stretch.end - stretch.start <= covered(best)) break;
    const cost = stretch.period * (stretch.end - stretch.start);
    if (cost > mostVisits) continue;
    if (visits > manyVisits) break;
    visits += cost;
    let found: readonly RepeatedLayer[] = [];
    // Where several cuts are as good, the last: behind a normalization that the nodes before the layers end in too.
    for (let offset = 0; offset < stretch.period; offset += 1) {
      const layers = chain.layers({ ...stretch, start: stretch.start + offset });
      if (layers.length > 1 && covered(layers) >= covered(found)) found = layers;
    }
    if (covered(found) > covered(best)) best = found;
  }
  return best;
}

/** Longest first; of those as long, that of the shortest layers. */
function stretches(signatures: readonly number[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let period = leastPeriod; period <= signatures.length / 2; period += 1) {
    let start = 0;
    for (let at = 0; at + period <= signatures.length; at += 1) {
      if (signatures[at] === signatures[at + period]) continue;
      if (at - start >= period) found.push({ start, end: at + period, period });
      start = at + 1;
    }
  }
  return found.sort((a, b) => b.end - b.start - (a.end - a.start) || a.period - b.period);
}

/** The nodes of a graph in a row, without constants. */
class Chain {
  readonly nodes: readonly OnnxNode[];
  /** The same number for nodes that do the same with weights of the same shapes. */
  readonly signatures: readonly number[];
  readonly #graph: OnnxGraph;
  readonly #constants = new Map<string, OnnxNode>();
  /** The last node that reads a value; outputs of the graph are read behind all of them. */
  readonly #lastUse = new Map<string, number>();

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
    this.nodes = graph.nodes.filter((node) => {
      const isConstant = node.opType === 'Constant' && node.domain === '';
      if (isConstant) for (const name of node.outputs) this.#constants.set(name, node);
      return !isConstant;
    });
    for (const [at, node] of this.nodes.entries()) for (const name of namesRead(node)) this.#lastUse.set(name, at);
    for (const { name } of graph.outputs) this.#lastUse.set(name, this.nodes.length);
    const numbers = new Map<string, number>();
    this.signatures = this.nodes.map((node, at) => {
      const signature = this.#signature(node, at);
      const number = numbers.get(signature) ?? numbers.size;
      numbers.set(signature, number);
      return number;
    });
  }

  /** The most layers in a row that are wired alike, of those that begin where the stretch does. */
  layers({ start, end, period }: Stretch): readonly RepeatedLayer[] {
    let longest: readonly RepeatedLayer[] = [];
    let row: RepeatedLayer[] = [];
    let wiring: string | undefined;
    for (let at = start; at + period <= end; at += period) {
      const output = this.#given(at, at + period);
      const before = row.at(-1)?.output;
      const own = output === undefined ? undefined : this.#wiring(at, at + period, before);
      if (own === undefined || own !== wiring) {
        row = [];
        wiring = undefined;
      }
      if (output === undefined) continue;
      if (row.length === 0) {
        // What it takes from before shows by what the next one takes from it.
        const input = this.#inputLike(at, at + period, output);
        if (input === undefined) continue;
        wiring = this.#wiring(at, at + period, input);
        row = [{ nodes: this.nodes.slice(at, at + period), input, output }];
      } else row = [...row, { nodes: this.nodes.slice(at, at + period), input: before as string, output }];
      if (row.length > longest.length) longest = row;
    }
    const hasWeights = longest[0]?.nodes.some(({ inputs }) =>
      inputs.some((name) => (this.#graph.initializers.get(name)?.shape.length ?? 0) > 1),
    );
    return hasWeights ? longest : [];
  }

  /** The one value that nodes give to those behind them; undefined where there are none or more. */
  #given(start: number, end: number): string | undefined {
    const given: string[] = [];
    for (let at = start; at < end; at += 1)
      for (const name of this.nodes[at]?.outputs ?? []) if ((this.#lastUse.get(name) ?? -1) >= end) given.push(name);
    return given.length === 1 ? given[0] : undefined;
  }

  /** The value that nodes read where the nodes behind them, as many, read `output`. */
  #inputLike(start: number, end: number, output: string): string | undefined {
    for (let at = start; at < end; at += 1) {
      const place = this.nodes[at + end - start]?.inputs.indexOf(output) ?? -1;
      if (place >= 0) return this.nodes[at]?.inputs[place];
    }
    return undefined;
  }

  /** From where each input of nodes comes: the layer itself, the one before, or a value by its name. */
  #wiring(start: number, end: number, before: string | undefined): string {
    const own = new Map<string, string>();
    const parts: string[] = [];
    for (let at = start; at < end; at += 1) {
      const { inputs, outputs } = this.nodes[at] as OnnxNode;
      for (const name of inputs) {
        if (this.#isHeld(name)) parts.push('held');
        else parts.push(name === before ? 'before' : (own.get(name) ?? `value ${name}`));
      }
      for (const [place, name] of outputs.entries()) own.set(name, `own ${at - start} ${place}`);
    }
    return parts.join('\n');
  }

  #isHeld(name: string): boolean {
    return this.#graph.initializers.has(name) || this.#constants.has(name);
  }

  #signature({ opType, domain, inputs, outputs, attributes }: OnnxNode, at: number): string {
    const settings = Array.from(attributes, ([name, attribute]) => [name, attributeText(attribute, at)]);
    const weights = inputs.map((name) => {
      const constant = this.#constants.get(name);
      if (constant) return Array.from(constant.attributes, ([key, value]) => [key, attributeText(value, at)]);
      const { dataType, shape, data } = this.#graph.initializers.get(name) ?? {};
      // Sizes and axes are alike where their numbers are; weights where their shapes are.
      const isWeight = shape === undefined || shape.length !== 1 || dataType !== 7;
      return [name === '', dataType, shape, isWeight ? undefined : data?.held?.join()];
    });
    return JSON.stringify([domain, opType, outputs.length, settings.sort(), weights]);
  }
}

function attributeText(attribute: OnnxAttribute, at: number): string {
  if (attribute.kind === 'tensor') {
    const { dataType, shape, data } = attribute.value;
    return JSON.stringify([dataType, shape, data.held?.join()]);
  }
  // What has a graph of its own, or is not read, is like no other.
  return 'value' in attribute && attribute.kind !== 'graph' && attribute.kind !== 'parts'
    ? JSON.stringify(attribute.value)
    : `node ${at}`;
}
