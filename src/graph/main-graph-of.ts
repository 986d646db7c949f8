import type { FileTensor, GraphNode, MainGraph } from './main-graph.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor } from './onnx-model.ts';
import { operatorOf } from './operator-of.ts';

const mostNodes = 10_000;
// Axes, or one for each dimension.
const mostIntegers = 32;
const int32 = 6;
const int64 = 7;

/** The main graph of a model, as its rows are followed through it. Throws where it has too many nodes for that. */
export function mainGraphOf({ graph, opsets, functions }: OnnxModel): MainGraph {
  if (graph.nodes.length > mostNodes) throw new Error(`expected at most ${mostNodes} nodes, got ${graph.nodes.length}`);
  return {
    opset: opsets.get('') ?? 1,
    nodes: graph.nodes.map(nodeOf),
    initializers: new Map(Array.from(graph.initializers, ([name, tensor]) => [name, tensorOf(tensor)])),
    inputs: new Map(graph.inputs.map(({ name, type }) => [name, type?.shape?.length])),
    outputs: graph.outputs.map(({ name }) => name),
    hasFunctions: functions.length > 0,
  };
}

function nodeOf(node: OnnxNode): GraphNode {
  const { inputs, outputs, attributes } = node;
  const integers = new Map<string, readonly number[]>();
  for (const [name, attribute] of attributes) {
    if (attribute.kind === 'int') integers.set(name, [attribute.value]);
    else if (attribute.kind === 'ints' && attribute.value.length <= mostIntegers) integers.set(name, attribute.value);
  }
  const value = attributes.get('value');
  return {
    operator: operatorOf(node),
    inputs,
    outputs,
    integers,
    value: value?.kind === 'tensor' ? tensorOf(value.value) : undefined,
    hasGraph: [...attributes.values()].some(hasGraph),
  };
}

function hasGraph(attribute: OnnxAttribute): boolean {
  return attribute.kind === 'graph' || (attribute.kind === 'parts' && attribute.value.some((part) => 'graph' in part));
}

function tensorOf({ dataType, shape, data }: OnnxTensor): FileTensor {
  const [count = 1, ...more] = shape;
  if (!data.held || more.length > 0 || count > mostIntegers) return { shape };
  const view = new DataView(data.held.buffer, data.held.byteOffset, data.length);
  if (dataType === int32)
    return { shape, numbers: Array.from({ length: count }, (_item, index) => view.getInt32(4 * index, true)) };
  if (dataType !== int64) return { shape };
  return { shape, numbers: Array.from({ length: count }, (_item, index) => Number(view.getBigInt64(8 * index, true))) };
}
