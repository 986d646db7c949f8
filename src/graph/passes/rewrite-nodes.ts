import { namesRead } from '../names-read.ts';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { withGraphs } from './with-graphs.ts';

/** What comes in the place of a node. */
export interface Rewritten {
  readonly nodes: readonly OnnxNode[];
  /** Tensors that these nodes take, beside those that are there; the same one may be given for several nodes. */
  readonly tensors?: readonly OnnxTensor[];
}

/**
 * Gives what comes in the place of a node, or undefined where it stays. `weight` finds an initializer that the node may
 * take.
 */
export type RewriteNode = (
  node: OnnxNode,
  weight: (name: string | undefined) => OnnxTensor | undefined,
) => Rewritten | undefined;

/**
 * A model with other nodes in the place of some, in the graphs within too: `ofGraph` is asked once for each.
 * Initializers that no node takes any more are left out, and so are the inputs that they were defaults of; new ones go
 * to the main graph. The same model where no node is rewritten.
 */
export function rewriteNodes(model: OnnxModel, ofGraph: () => RewriteNode): OnnxModel {
  const added = new Map<string, OnnxTensor>();
  let isChanged = false;
  const noted = (): RewriteNode => {
    const rewrite = ofGraph();
    return (node, weight) => {
      const rewritten = rewrite(node, weight);
      isChanged ||= rewritten !== undefined;
      return rewritten;
    };
  };
  const graph = rewriteGraph(model.graph, noted, [], added);
  if (!isChanged) return model;
  return { ...model, graph: { ...graph, initializers: new Map([...graph.initializers, ...added]) } };
}

function rewriteGraph(
  graph: OnnxGraph,
  ofGraph: () => RewriteNode,
  outer: readonly OnnxGraph[],
  added: Map<string, OnnxTensor>,
): OnnxGraph {
  const scopes = [graph, ...outer];
  const rewrite = ofGraph();
  const weight = (name = '') => scopes.find(({ initializers }) => initializers.has(name))?.initializers.get(name);
  const nodes = graph.nodes.flatMap((node) => {
    const inside = withGraphs(node, (inner) => rewriteGraph(inner, ofGraph, scopes, added));
    const rewritten = rewrite(inside, weight);
    for (const tensor of rewritten?.tensors ?? []) added.set(tensor.name, tensor);
    return rewritten?.nodes ?? [inside];
  });
  const after = namesUsed({ ...graph, nodes });
  const gone = [...graph.initializers.keys()].filter((name) => !after.has(name));
  if (gone.length === 0) return { ...graph, nodes };
  const before = namesUsed(graph);
  const left = new Set(gone.filter((name) => before.has(name)));
  return {
    ...graph,
    nodes,
    initializers: new Map([...graph.initializers].filter(([name]) => !left.has(name))),
    inputs: graph.inputs.filter(({ name }) => !left.has(name)),
    values: graph.values.filter(({ name }) => !left.has(name)),
  };
}

/** The names that nodes of a graph take, and that it gives. */
function namesUsed({ nodes, outputs }: OnnxGraph): ReadonlySet<string> {
  const used = new Set(outputs.map(({ name }) => name));
  for (const node of nodes) for (const name of namesRead(node)) used.add(name);
  return used;
}
