import type { OnnxAttribute, OnnxGraph, OnnxNode } from '../onnx-model.ts';

/** The node with other graphs in its attributes; the same one where it has none. */
export function withGraphs(node: OnnxNode, change: (graph: OnnxGraph) => OnnxGraph): OnnxNode {
  const attributes = [...node.attributes];
  if (!attributes.some(([, { kind }]) => kind === 'graph' || kind === 'parts')) return node;
  return { ...node, attributes: new Map(attributes.map(([name, attribute]) => [name, changed(attribute, change)])) };
}

function changed(attribute: OnnxAttribute, change: (graph: OnnxGraph) => OnnxGraph): OnnxAttribute {
  if (attribute.kind === 'graph') return { ...attribute, value: change(attribute.value) };
  if (attribute.kind !== 'parts') return attribute;
  const value = attribute.value.map((part) => ('graph' in part ? { ...part, graph: change(part.graph) } : part));
  return { ...attribute, value };
}
