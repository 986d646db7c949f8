import type { GraphLinks } from '../graph-links.ts';
import { Names } from '../names.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { fixWeights } from '../passes/fix-weights.ts';
import { rewriteNodes } from '../passes/rewrite-nodes.ts';

/** A smaller tensor in the place of one that a node takes. */
export interface CutInput {
  readonly node: OnnxNode;
  readonly tensor: OnnxTensor;
  /** What is left of the tensor, or of what other cuts left of it: its name stays. */
  cut(left: OnnxTensor): OnnxTensor;
}

/**
 * A model whose nodes take smaller tensors. One that a single node takes keeps its name. A tensor may have several
 * cuts, each along an axis of its own: a matrix between two layers that are both cut loses rows by the one and columns
 * by the other.
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
  // Of a weight that is the default of an input too, the input says the whole size.
  const made = rewriteNodes(fixWeights(model), () => (node) => {
    const own = byNode.get(node);
    if (!own) return undefined;
    const tensors: OnnxTensor[] = [];
    const inputs = node.inputs.map((input) => {
      const whole = links.constants.get(input);
      const found = own.filter((each) => each.tensor === whole);
      if (!whole || found.length === 0) return input;
      const isAlone = model.graph.initializers.has(input) && links.readers(input)?.length === 1;
      const name = isAlone ? input : names.fresh(`${input}_pruned`);
      const tensor = found.reduce((left, each) => each.cut(left), { ...whole, name });
      tensors.push(tensor);
      return tensor.name;
    });
    return { nodes: [{ ...node, inputs }], tensors };
  });
  const values = made.graph.values.filter(({ name }) => !changed.has(name));
  return { ...made, graph: { ...made.graph, values } };
}
