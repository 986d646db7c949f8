import { GraphLinks } from '../graph-links.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { type CutInput, cutInputs } from './cut-inputs.ts';
import { keptAlong } from './kept-along.ts';
import { largestPlaces } from './largest-places.ts';
import { neuronSpan } from './neuron-span.ts';
import { normsAlong } from './norms-along.ts';
import { weightProduct } from './weight-product.ts';

/** What was cut out of a model. */
export interface Pruned {
  readonly model: OnnxModel;
  /** How many layers had some. */
  readonly layers: number;
  /** Of these layers, what is left and what there was. */
  readonly kept: number;
  readonly of: number;
}

/** So many products of 8 and 4 bits are made at once, and blocks of weights have as many. */
const together = 32;

/**
 * Structured pruning of hidden neurons, of each pair of products between which neurons stay by themselves: a share of
 * them goes, those whose weights before and behind are the smallest by the product of their lengths. Of layers in a row
 * each is judged by the weights of the whole model. Where neurons come in thirty-twos, as many are left. Reads the
 * weights of these layers once for each side on which neurons go.
 *
 * Source: Li et al., "Pruning filters for efficient ConvNets", 2017, section 3.1, with lengths in place of sums.
 */
export async function pruneNeurons(model: OnnxModel, share: number): Promise<Pruned> {
  const links = new GraphLinks(model.graph);
  const cuts: CutInput[] = [];
  const changed = new Set<string>();
  let [layers, left, of] = [0, 0, 0];
  for (const node of model.graph.nodes) {
    const taker = weightProduct(node, links.constants);
    const span = taker && neuronSpan(links, taker);
    if (!span) continue;
    const size = taker.matrix.shape[taker.from] as number;
    const count = keptCount(size, share);
    if (count === size) continue;
    const norms = await normsAlong(taker.matrix, taker.from);
    for (const { matrix, to } of span.sources) {
      const own = await normsAlong(matrix, to);
      for (const [place, norm] of own.entries()) norms[place] = (norms[place] as number) * norm;
    }
    const kept = largestPlaces(norms, count);
    const cut = (at: CutInput['node'], tensor: CutInput['tensor'], axis: number) =>
      cuts.push({ node: at, tensor, cut: (left) => keptAlong(left, axis, kept) });
    cut(node, taker.matrix, taker.from);
    for (const { node: at, matrix, to, bias } of span.sources) {
      cut(at, matrix, to);
      if (bias) cut(at, bias, 0);
    }
    for (const { node: at, tensor } of span.rows) cut(at, tensor, tensor.shape.length - 1);
    for (const name of span.values) changed.add(name);
    [layers, left, of] = [layers + 1, left + count, of + size];
  }
  return { model: layers === 0 ? model : cutInputs(model, links, cuts, changed), layers, kept: left, of };
}

function keptCount(size: number, share: number): number {
  const count = Math.max(1, size - Math.floor(size * share));
  return size % together === 0 ? Math.ceil(count / together) * together : count;
}
