import { makeNode } from '../make-node.ts';
import { namesRead } from '../names-read.ts';
import type { OnnxModel, OnnxNode } from '../onnx-model.ts';
import { rewriteNodes } from '../passes/rewrite-nodes.ts';
import type { RepeatedLayer } from './repeated-layers.ts';

/**
 * The model without some of its layers: what reads one that is gone reads what that one read. Weights that nothing
 * takes any more are gone too.
 */
export function keepLayers(
  model: OnnxModel,
  layers: readonly RepeatedLayer[],
  isKept: (layer: number) => boolean,
): OnnxModel {
  const gone = new Set<OnnxNode>();
  const instead = new Map<string, string>();
  for (const [place, { nodes, input, output }] of layers.entries()) {
    if (isKept(place)) continue;
    for (const node of nodes) gone.add(node);
    instead.set(output, instead.get(input) ?? input);
  }
  const outputs = new Set(model.graph.outputs.map(({ name }) => name));
  const kept = rewriteNodes(model, () => (node) => {
    if (gone.has(node)) {
      // An output of the model keeps its name.
      const given = node.outputs.filter((name) => outputs.has(name));
      return { nodes: given.map((name) => makeNode('Identity', [instead.get(name) as string], [name])) };
    }
    const inputs = node.inputs.map((name) => instead.get(name) ?? name);
    return inputs.some((name, place) => name !== node.inputs[place]) ? { nodes: [{ ...node, inputs }] } : undefined;
  });
  return withoutDeadValues(kept);
}

/** Without what the file says of values that there are no more. */
function withoutDeadValues(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const read = new Set([
    ...graph.nodes.flatMap((node) => [...namesRead(node)]),
    ...graph.outputs.map(({ name }) => name),
  ]);
  const nodes = graph.nodes.filter(
    ({ opType, outputs }) => opType !== 'Constant' || outputs.some((name) => read.has(name)),
  );
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  const values = graph.values.filter(({ name }) => made.has(name) || graph.initializers.has(name));
  return { ...model, graph: { ...graph, nodes, values } };
}
