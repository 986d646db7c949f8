import { integersOf } from '../gradient/integers-of.ts';
import type { GraphLinks } from '../graph-links.ts';
import type { OnnxNode, OnnxTensor } from '../onnx-model.ts';
import { type WeightProduct, weightProduct } from './weight-product.ts';

/** How an attention layer comes to its queries, keys or values: a product, cut into heads. */
export interface HeadProjection {
  readonly product: WeightProduct;
  /** Rows with a number for each place of the product, and the nodes that take them. */
  readonly rows: readonly { readonly node: OnnxNode; readonly tensor: OnnxTensor }[];
  /** The Reshape to [rows, tokens, heads, size]. */
  readonly split: OnnxNode;
  readonly heads: number;
  readonly size: number;
  readonly values: readonly string[];
}

/** The projection that a value comes from; undefined where it is something else, or its sizes are not in the file. */
export function headProjection(links: GraphLinks, value: string | undefined): HeadProjection | undefined {
  const rows: { node: OnnxNode; tensor: OnnxTensor }[] = [];
  const values: string[] = [];
  let split: OnnxNode | undefined;
  for (let name = value; name !== undefined; ) {
    const node = links.maker(name);
    if (!node || links.readers(name)?.length !== 1) return undefined;
    values.push(name);
    const product = weightProduct(node, links.constants);
    if (product) {
      const sizes = split && integersOf(links.constants.get(split.inputs[1] ?? '') as OnnxTensor);
      const [, , heads = 0, size = 0] = sizes ?? [];
      const whole = heads * size;
      const isWhole = sizes?.length === 4 && heads > 0 && product.matrix.shape[product.to] === whole;
      const isBefore = rows.every(({ tensor }) => tensor.shape.at(-1) === whole);
      return split && isWhole && isBefore ? { product, rows, split, heads, size, values } : undefined;
    }
    if (node.opType === 'Reshape') {
      if (split || !links.constants.has(node.inputs[1] ?? '')) return undefined;
      split = node;
    } else if (node.opType !== 'Transpose') {
      const row = rowOrNumber(links, node);
      if (!row) return undefined;
      if (row.shape.every((each) => each === 1)) {
        name = activationOf(links, node);
        continue;
      }
      // One that is added to heads has no place for each of the product.
      if (!split) return undefined;
      rows.push({ node, tensor: row });
    }
    name = activationOf(links, node);
  }
  return undefined;
}

function activationOf(links: GraphLinks, { inputs }: OnnxNode): string | undefined {
  return inputs.find((input) => !links.constants.has(input));
}

/** The constant that a sum or product takes beside a value. */
function rowOrNumber(links: GraphLinks, { opType, inputs }: OnnxNode): OnnxTensor | undefined {
  if (!['Add', 'Mul', 'Div'].includes(opType)) return undefined;
  const tensors = inputs.flatMap((name) => links.constants.get(name) ?? []);
  const [tensor] = tensors;
  return tensors.length === 1 && tensor?.shape.slice(0, -1).every((each) => each === 1) ? tensor : undefined;
}
