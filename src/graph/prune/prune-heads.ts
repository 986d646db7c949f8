import { dataTypes } from '../data-types.ts';
import { integersOf } from '../gradient/integers-of.ts';
import { GraphLinks } from '../graph-links.ts';
import { makeTensor } from '../make-tensor.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { type CutInput, cutInputs } from './cut-inputs.ts';
import { type HeadProjection, headProjection } from './head-projection.ts';
import { keptAlong } from './kept-along.ts';
import { largestPlaces } from './largest-places.ts';
import { normsAlong } from './norms-along.ts';
import type { Pruned } from './prune-neurons.ts';
import { type WeightProduct, weightProduct } from './weight-product.ts';

/** An attention layer whose heads can be taken apart. */
interface AttentionLayer {
  readonly projections: readonly [values: HeadProjection, queries: HeadProjection, keys: HeadProjection];
  /** The Reshape that puts the heads side by side again, and the product behind it. */
  readonly join: OnnxNode;
  readonly output: WeightProduct;
  readonly values: readonly string[];
}

const betweenScores = new Set(['Softmax', 'Add', 'Mul', 'Div', 'Where', 'Identity', 'Dropout', 'Max']);

/**
 * Structured pruning of attention heads: of each layer a share of them goes, those whose values and outputs have the
 * smallest weights by the product of their lengths. Reads the weights of these layers once.
 *
 * Source: Michel, Levy and Neubig, "Are sixteen heads really better than one?", 2019, for the heads; they score them by
 * gradients.
 */
export async function pruneHeads(model: OnnxModel, share: number): Promise<Pruned> {
  const links = new GraphLinks(model.graph);
  const cuts: CutInput[] = [];
  const changed = new Set<string>();
  let [layers, left, of] = [0, 0, 0];
  for (const node of model.graph.nodes) {
    const layer = attentionLayer(links, node);
    if (!layer) continue;
    const { heads, size } = layer.projections[0];
    const count = Math.max(1, heads - Math.floor(heads * share));
    if (count === heads) continue;
    cuts.push(...cutLayer(links, layer, largestPlaces(await headNorms(layer), count), size));
    for (const name of layer.values) changed.add(name);
    [layers, left, of] = [layers + 1, left + count, of + heads];
  }
  return { model: layers === 0 ? model : cutInputs(model, links, cuts, changed), layers, kept: left, of };
}

/** The attention layer that ends in a product; undefined where none does. */
function attentionLayer(links: GraphLinks, node: OnnxNode): AttentionLayer | undefined {
  const output = weightProduct(node, links.constants);
  const join = output && madeBy(links, node.inputs[0], 'Reshape');
  const turned = join && madeBy(links, join.inputs[0], 'Transpose');
  const mixed = turned && madeBy(links, turned.inputs[0], 'MatMul');
  if (!output || !join || !mixed) return undefined;
  const scores = scoresBefore(links, mixed.inputs[0]);
  if (!scores) return undefined;
  const found = [mixed.inputs[1], ...scores.node.inputs].map((name) => headProjection(links, name));
  const [values, queries, keys] = found;
  if (!values || !queries || !keys) return undefined;
  const isAlike = ({ heads, size }: HeadProjection) => heads === values.heads && size === values.size;
  const width = output.matrix.shape[output.from];
  const places = links.constants.get(join.inputs[1] ?? '');
  if (!isAlike(queries) || !isAlike(keys) || width !== values.heads * values.size || !places) return undefined;
  const between = [node.inputs[0], join.inputs[0], turned?.inputs[0]] as readonly string[];
  const inner = [...between, ...scores.values, ...[values, queries, keys].flatMap((each) => each.values)];
  // What callers see of them is not to have another size.
  if (inner.some((name) => links.readers(name) === undefined)) return undefined;
  return { projections: [values, queries, keys], join, output, values: inner };
}

function madeBy(links: GraphLinks, name: string | undefined, opType: string): OnnxNode | undefined {
  const node = links.maker(name);
  return node?.opType === opType && links.readers(name as string)?.length === 1 ? node : undefined;
}

/** The product of queries and keys that the shares of a Softmax come from, and the values on the way. */
function scoresBefore(links: GraphLinks, shares: string | undefined) {
  const values: string[] = [];
  const left = [shares];
  const found = new Set<OnnxNode>();
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const node = links.maker(name);
    if (!node) continue;
    if (node.opType === 'MatMul' && !weightProduct(node, links.constants)) {
      found.add(node);
      values.push(name);
    } else if (betweenScores.has(node.opType)) {
      values.push(name);
      left.push(...node.inputs);
    }
  }
  const [node, another] = found;
  return node && !another ? { node, values } : undefined;
}

async function headNorms({ projections: [values], output }: AttentionLayer): Promise<readonly number[]> {
  const { product, heads, size } = values;
  const lengths = [await normsAlong(product.matrix, product.to), await normsAlong(output.matrix, output.from)];
  return Array.from({ length: heads }, (_head, head) =>
    lengths.reduce((score, norms) => score * Math.hypot(...norms.subarray(head * size, (head + 1) * size)), 1),
  );
}

function cutLayer(
  links: GraphLinks,
  { projections, join, output }: AttentionLayer,
  kept: readonly number[],
  size: number,
): readonly CutInput[] {
  const places = kept.flatMap((head) => Array.from({ length: size }, (_place, at) => head * size + at));
  const along = (node: OnnxNode, tensor: OnnxTensor, axis: number): CutInput => ({
    node,
    tensor,
    cut: (left) => keptAlong(left, axis, places),
  });
  const resized = (node: OnnxNode, change: (sizes: readonly number[]) => readonly number[]): CutInput => {
    const tensor = links.constants.get(node.inputs[1] as string) as OnnxTensor;
    const sizes = change(integersOf(tensor) as readonly number[]);
    return { node, tensor, cut: ({ name }) => wholes(name, sizes) };
  };
  return [
    ...projections.flatMap(({ product, rows, split }) => [
      along(product.node, product.matrix, product.to),
      ...(product.bias ? [along(product.node, product.bias, 0)] : []),
      ...rows.map(({ node, tensor }) => along(node, tensor, tensor.shape.length - 1)),
      resized(split, (sizes) => sizes.with(2, kept.length)),
    ]),
    // A size that follows from the others is left to.
    resized(join, (sizes) => (sizes.at(-1) === -1 ? sizes : sizes.with(-1, places.length))),
    along(output.node, output.matrix, output.from),
  ];
}

function wholes(name: string, values: readonly number[]): OnnxTensor {
  return makeTensor(name, dataTypes.INT64, [values.length], new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
}
