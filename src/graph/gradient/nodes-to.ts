import { namesRead } from '../names-read.ts';
import type { OnnxNode } from '../onnx-model.ts';

/** The nodes that it takes to give some values, in their order, and the names of all values on the way. */
export function nodesTo(
  wanted: Iterable<string>,
  nodes: readonly OnnxNode[],
): { readonly nodes: readonly OnnxNode[]; readonly names: ReadonlySet<string> } {
  const names = new Set(wanted);
  const used: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => names.has(name))) continue;
    used.unshift(node);
    for (const name of namesRead(node)) names.add(name);
  }
  return { nodes: used, names };
}
