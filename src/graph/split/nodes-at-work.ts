import { namesRead } from '../names-read.ts';
import type { OnnxGraph } from '../onnx-model.ts';

/** The places of nodes that work on what the graph is given: all others do the same in each run. */
export function nodesAtWork({ nodes, inputs, initializers }: OnnxGraph): readonly number[] {
  const varying = new Set(inputs.map(({ name }) => name).filter((name) => !initializers.has(name)));
  return nodes.flatMap((node, place) => {
    if (![...namesRead(node)].some((name) => varying.has(name))) return [];
    for (const name of node.outputs) varying.add(name);
    return [place];
  });
}
