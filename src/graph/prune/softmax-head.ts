import { dataTypes } from '../data-types.ts';
import { teacherLoss } from '../gradient/losses/teacher-loss.ts';
import { GraphLinks } from '../graph-links.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { weightProduct } from './weight-product.ts';

/** The product at the end of a model that gives the logits of its classes. */
export interface SoftmaxHead {
  /** What it takes, and the logits. */
  readonly features: string;
  readonly logits: string;
  /** The head as a model of its own. */
  readonly model: OnnxModel;
}

/** The softmax head of a model; undefined where it has none. */
export function softmaxHead(model: OnnxModel, output: string | undefined): SoftmaxHead | undefined {
  const { loss, value } = teacherLoss(model, output, undefined);
  if (loss.kind !== 'distillation') return undefined;
  const links = new GraphLinks(model.graph);
  const nodes: OnnxNode[] = [];
  const tensors: OnnxTensor[] = [];
  let node = links.maker(value);
  if (node?.opType === 'Add') {
    const bias = node.inputs.flatMap((name) => links.constants.get(name) ?? []);
    if (bias.length !== 1) return undefined;
    nodes.push(node);
    tensors.push(...bias);
    node = links.maker(node.inputs.find((name) => !links.constants.has(name)));
  }
  const product = weightProduct(node, links.constants);
  if (!product) return undefined;
  const { matrix, from, to, bias } = product;
  const features = product.node.inputs[0] as string;
  const floats = (name: string, size: number | undefined, rank: number) => ({
    name,
    type: { dataType: dataTypes.FLOAT, shape: [...Array<undefined>(rank - 1).fill(undefined), size] },
  });
  // Gemm takes matrices alone; of a MatMul nobody says how many dimensions come in, and a batch joins their rows.
  const graph = {
    ...model.graph,
    nodes: [product.node, ...nodes],
    initializers: new Map([matrix, ...(bias ? [bias] : []), ...tensors].map((tensor) => [tensor.name, tensor])),
    sparseInitializers: [],
    inputs: [floats(features, matrix.shape[from], 2)],
    outputs: [floats(value, matrix.shape[to], 2)],
    values: [],
  };
  return { features, logits: value, model: { ...model, graph, training: [] } };
}
