import type { GraphLinks } from '../graph-links.ts';
import type { OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { type WeightProduct, weightProduct } from './weight-product.ts';

/**
 * What lies between the products that make hidden neurons and the one that takes them: each neuron goes its own way
 * through it.
 */
export interface NeuronSpan {
  readonly sources: readonly WeightProduct[];
  /** Rows with a number for each neuron, and the nodes that take them. */
  readonly rows: readonly { readonly node: OnnxNode; readonly tensor: OnnxTensor }[];
  readonly values: ReadonlySet<string>;
}

const elementwise = new Set(
  'Add Sub Mul Div Pow Max Min Relu LeakyRelu PRelu Elu Selu Celu Gelu Sigmoid HardSigmoid HardSwish Mish Tanh Erf Exp Neg Abs Sqrt Softplus Softsign Clip Identity Dropout'.split(
    ' ',
  ),
);

/** The neurons that a product takes; undefined where something else reads them too, or mixes them. */
export function neuronSpan(links: GraphLinks, taker: WeightProduct): NeuronSpan | undefined {
  const size = taker.matrix.shape[taker.from] as number;
  const sources: WeightProduct[] = [];
  const rows: { node: OnnxNode; tensor: OnnxTensor }[] = [];
  const values = new Set<string>();
  const inside = new Set([taker.node]);
  const left = [taker.node.inputs[0] as string];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (values.has(name)) continue;
    values.add(name);
    const maker = links.maker(name);
    if (maker?.domain !== '') return undefined;
    const product = weightProduct(maker, links.constants);
    if (product) {
      if (product.matrix.shape[product.to] !== size) return undefined;
      sources.push(product);
      continue;
    }
    if (!elementwise.has(maker.opType)) return undefined;
    inside.add(maker);
    for (const input of new Set(maker.inputs)) {
      if (input === '') continue;
      const tensor = links.constants.get(input);
      if (!tensor) left.push(input);
      else if (isRow(tensor, size)) rows.push({ node: maker, tensor });
      else if (!tensor.shape.every((each) => each === 1)) return undefined;
    }
  }
  for (const name of values) {
    const readers = links.readers(name);
    if (!readers?.every((node) => inside.has(node))) return undefined;
  }
  const isOnce = ({ matrix }: WeightProduct) => links.readers(matrix.name)?.length === 1;
  return sources.length > 0 && [...sources, taker].every(isOnce) ? { sources, rows, values } : undefined;
}

function isRow({ shape }: OnnxTensor, size: number): boolean {
  return shape.at(-1) === size && shape.slice(0, -1).every((each) => each === 1);
}
