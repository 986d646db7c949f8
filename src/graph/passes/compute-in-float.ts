import { dataTypes } from '../data-types.ts';
import { makeNode } from '../make-node.ts';
import { makeTensor } from '../make-tensor.ts';
import { Names } from '../names.ts';
import type { OnnxAttribute, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from '../onnx-model.ts';
import type { StoredBytes } from '../stored-bytes.ts';
import { castToFloat } from './cast-to-float.ts';
import { withGraphs } from './with-graphs.ts';

/** Attributes that say which type an operator gives. */
const typeAttributes = new Set(['to', 'dtype']);

/**
 * A model of FLOAT16 computes in FLOAT, which processors are quicker at, and which is what quantizers take. What it
 * takes and gives has the types that it had. The same model where it has no FLOAT16, and where the file defines
 * operators itself, whose types do not show.
 */
export function computeInFloat(model: OnnxModel): OnnxModel {
  const { graph, functions } = model;
  const ofHalves = (values: readonly OnnxValue[]) =>
    values.filter(({ type }) => type?.dataType === dataTypes.FLOAT16).map(({ name }) => name);
  const hasHalves = [...graph.initializers.values()].some(({ dataType }) => dataType === dataTypes.FLOAT16);
  if (!hasHalves || functions.length > 0) return model;
  const names = new Names(model);
  const inputs = ofHalves(graph.inputs).filter((name) => !graph.initializers.has(name));
  const outputs = ofHalves(graph.outputs);
  const renamed = new Map([...inputs, ...outputs].map((name) => [name, names.fresh(`${name}_float`)]));
  const named = (name: string) => renamed.get(name) ?? name;
  const to = { kind: 'int', value: dataTypes.FLOAT16 } as const;
  const inner = widenedGraph(graph, named);
  return {
    ...model,
    graph: {
      ...inner,
      inputs: graph.inputs.map((value) => (graph.initializers.has(value.name) ? widenedValue(value, named) : value)),
      outputs: graph.outputs,
      nodes: [
        ...inputs.map((name) => castToFloat(name, named(name))),
        ...inner.nodes,
        ...outputs.map((name) => makeNode('Cast', [named(name)], [name], { attributes: { to } })),
      ],
    },
  };
}

function widenedGraph(graph: OnnxGraph, named: (name: string) => string): OnnxGraph {
  const value = (each: OnnxValue) => widenedValue(each, named);
  return {
    ...graph,
    nodes: graph.nodes.map((node) => widenedNode(node, named)),
    initializers: new Map(
      [...graph.initializers.values()].map((tensor) => [
        named(tensor.name),
        { ...widenedTensor(tensor), name: named(tensor.name) },
      ]),
    ),
    inputs: graph.inputs.map(value),
    outputs: graph.outputs.map(value),
    values: graph.values.map(value),
  };
}

function widenedNode(node: OnnxNode, named: (name: string) => string): OnnxNode {
  const { attributes, ...rest } = withGraphs(node, (graph) => widenedGraph(graph, named));
  const changed = [...attributes].map(([name, attribute]) => [name, widenedAttribute(name, attribute)] as const);
  return { ...rest, inputs: node.inputs.map(named), outputs: node.outputs.map(named), attributes: new Map(changed) };
}

function widenedAttribute(name: string, attribute: OnnxAttribute): OnnxAttribute {
  if (attribute.kind === 'tensor') return { ...attribute, value: widenedTensor(attribute.value) };
  const isType = attribute.kind === 'int' && typeAttributes.has(name) && attribute.value === dataTypes.FLOAT16;
  return isType ? { kind: 'int', value: dataTypes.FLOAT } : attribute;
}

function widenedValue(value: OnnxValue, named: (name: string) => string): OnnxValue {
  const { name, type } = value;
  if (type?.dataType !== dataTypes.FLOAT16)
    return named(name) === name ? value : { name: named(name), ...(type && { type }) };
  return { name: named(name), type: { ...type, dataType: dataTypes.FLOAT } };
}

function widenedTensor(tensor: OnnxTensor): OnnxTensor {
  if (tensor.dataType !== dataTypes.FLOAT16) return tensor;
  const { name, shape, data } = tensor;
  return makeTensor(name, dataTypes.FLOAT, shape, { length: 2 * data.length, pieces: () => widened(data) });
}

async function* widened({ pieces }: StoredBytes): AsyncGenerator<Uint8Array> {
  let left: Uint8Array = new Uint8Array();
  for await (const piece of pieces()) {
    // A piece may end within a number.
    const bytes = Uint8Array.from(left.length === 0 ? piece : Buffer.concat([left, piece]));
    const whole = bytes.length - (bytes.length % 2);
    left = bytes.slice(whole);
    yield new Uint8Array(Float32Array.from(new Float16Array(bytes.buffer, 0, whole / 2)).buffer);
  }
}
