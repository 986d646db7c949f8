import { Names } from '../names.ts';
import type { OnnxModel, OnnxTensor, OnnxValue } from '../onnx-model.ts';
import { GraphBuilder } from './graph-builder.ts';
import { nodesTo } from './nodes-to.ts';
import { upgradeNode } from './upgrade-node.ts';
import type { ValueType } from './value-type.ts';

/**
 * A model's graph, as far as it takes to give one value, in the version of ONNX's operators that gradients are written
 * in.
 */
export interface ForwardGraph {
  readonly graph: GraphBuilder;
  readonly inputs: readonly OnnxValue[];
  /** Weights, none of which is in the graph: they are its inputs. */
  readonly weights: readonly OnnxTensor[];
}

/**
 * Builds on the part of a model that gives `output`. Which tensors are weights, `isWeight` says; all others are
 * constants.
 */
export function forwardGraph(
  model: OnnxModel,
  output: string,
  isWeight: (tensor: OnnxTensor) => boolean,
  goesByRows = false,
): ForwardGraph {
  const graph = new GraphBuilder(new Names(model), goesByRows);
  const { nodes, tensors } = withoutConstants(model);
  const { nodes: used, names: asked } = nodesTo([output], nodes);
  const weights: OnnxTensor[] = [];
  for (const tensor of tensors.values()) {
    if (!asked.has(tensor.name)) continue;
    if (isWeight(tensor)) {
      weights.push(tensor);
      graph.declare(tensor.name, tensor);
    } else graph.tensor(tensor);
  }
  const inputs = model.graph.inputs.filter(({ name }) => asked.has(name) && !tensors.has(name));
  for (const { name, type } of inputs) graph.declare(name, type ?? {});
  const told = toldTypes(model);
  for (const node of used) graph.node(upgradeNode(graph, node, model.opsets.get('') ?? 1), told);
  return { graph, inputs, weights };
}

/** Tensors of Constant nodes are as good as initializers. */
function withoutConstants({ graph }: OnnxModel) {
  const tensors = new Map(graph.initializers);
  const nodes = graph.nodes.filter(({ opType, domain, outputs, attributes }) => {
    const value = opType === 'Constant' && domain === '' ? attributes.get('value') : undefined;
    if (value?.kind !== 'tensor') return true;
    const [name = ''] = outputs;
    tensors.set(name, { ...value.value, name });
    return false;
  });
  return { nodes, tensors };
}

/** What a file says of its values. Of outputs many say one row where there are more: how many, is left open. */
function toldTypes({ graph }: OnnxModel): ReadonlyMap<string, ValueType> {
  const told = new Map<string, ValueType>();
  for (const { name, type } of graph.values) if (type) told.set(name, type);
  for (const { name, type } of graph.outputs)
    if (type) told.set(name, { ...type, shape: type.shape?.map((size, axis) => (axis === 0 ? undefined : size)) });
  return told;
}
