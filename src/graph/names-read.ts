import type { OnnxGraph, OnnxNode } from './onnx-model.ts';

/** The values that a node reads, those among them that the graphs within it take from around them. */
export function namesRead(node: OnnxNode): ReadonlySet<string> {
  const read = new Set(node.inputs.filter((name) => name !== ''));
  for (const attribute of node.attributes.values()) {
    if (attribute.kind === 'graph') addOuter(attribute.value, read);
    if (attribute.kind !== 'parts') continue;
    for (const part of attribute.value) if ('graph' in part) addOuter(part.graph, read);
  }
  return read;
}

function addOuter(graph: OnnxGraph, read: Set<string>): void {
  const own = new Set([...graph.inputs.map(({ name }) => name), ...graph.initializers.keys()]);
  for (const { values } of graph.sparseInitializers) own.add(values?.name ?? '');
  for (const node of graph.nodes) {
    for (const name of namesRead(node)) if (!own.has(name)) read.add(name);
    for (const name of node.outputs) own.add(name);
  }
  for (const { name } of graph.outputs) if (!own.has(name)) read.add(name);
}
