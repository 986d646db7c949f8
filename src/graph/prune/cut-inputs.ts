import type { GraphLinks } from '../graph-links.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { rewriteNodes } from '../passes/rewrite-nodes.ts';

/** A smaller tensor in the place of one that a node takes. */
export interface CutInput {
  readonly node: OnnxNode;
  readonly tensor: OnnxTensor;
  /** The tensor under the name that it is to have. */
  cut(name: string): OnnxTensor;
}

/**
 * A model whose nodes take smaller tensors. One that a single node takes keeps its name.
 *
 * @param changed values whose sizes are others now, of which what the file says is left out
 */
export function cutInputs(
  model: OnnxModel,
  links: GraphLinks,
  cuts: readonly CutInput[],
  changed: ReadonlySet<string>,
): OnnxModel {
  const names = new Names(model);
  const byNode = Map.groupBy(cuts, ({ node }) => node);
  const made = rewriteNodes(model, () => (node) => {
    const own = byNode.get(node);
    if (!own) return undefined;
    const tensors: OnnxTensor[] = [];
    const inputs = node.inputs.map((input) => {
      const found = own.find(({ tensor }) => tensor.name === input || links.constants.get(input) === tensor);
      if (!found) return input;
      const isAlone = model.graph.initializers.has(input) && links.readers(input)?.length === 1;
      const tensor = found.cut(isAlone ? input : names.fresh(`${input}_pruned`));
      tensors.push(tensor);
      return tensor.name;
    });
    return { nodes: [{ ...node, inputs }], tensors };
  });
  const values = made.graph.values.filter(({ name }) => !changed.has(name));
  return { ...made, graph: { ...made.graph, values } };
}
