import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';

/**
 * A model whose value `output` goes on through a network of one input, with that one's outputs alone, under their own
 * names.
 */
export function appendNetwork(model: OnnxModel, output: string, network: OnnxModel): OnnxModel {
  const { graph } = model;
  const names = new Names(model);
  const own = new Map<string, string>([['', '']]);
  const [input] = network.graph.inputs;
  if (input) own.set(input.name, output);
  const nameOf = (name: string) => {
    const known = own.get(name) ?? names.fresh(name);
    own.set(name, known);
    return known;
  };
  // First, so that they keep their names where the model has no other use for them.
  for (const { name } of network.graph.outputs) nameOf(name);
  const taken = new Set(graph.nodes.map(({ name }) => name));
  const nodes = network.graph.nodes.map((node): OnnxNode => {
    const outputs = node.outputs.map(nameOf);
    const [name = ''] = outputs;
    // Nodes have names of their own, of which no two may be the same; none at all is none too many.
    return { ...node, name: taken.has(name) ? '' : name, inputs: node.inputs.map(nameOf), outputs };
  });
  const weights = Array.from(network.graph.initializers.values(), (tensor): [string, OnnxTensor] => {
    const name = nameOf(tensor.name);
    return [name, { ...tensor, name }];
  });
  return {
    ...model,
    graph: {
      ...graph,
      nodes: [...graph.nodes, ...nodes],
      initializers: new Map([...graph.initializers, ...weights]),
      outputs: network.graph.outputs.map(({ name, type }) => ({ name: nameOf(name), ...(type && { type }) })),
    },
  };
}
