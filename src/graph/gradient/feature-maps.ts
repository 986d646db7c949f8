import { GraphLinks } from '../graph-links.ts';
import type { OnnxModel, OnnxNode } from '../onnx-model.ts';

/** What changes each element of its first input by itself. */
const activations = new Set([
  'BatchNormalization',
  'Relu',
  'LeakyRelu',
  'Clip',
  'Elu',
  'HardSwish',
  'PRelu',
  'Gelu',
  'Mish',
]);
/** What does so with a constant beside it: a bias, or a scale. */
const withConstant = new Set(['Add', 'Sub', 'Mul', 'Div']);
/** What a value is multiplied with in SiLU and HardSwish, where they are written as two nodes. */
const gates = new Set(['Sigmoid', 'HardSigmoid']);

/**
 * The values that hold the maps of each convolution, the last first: behind the bias, the normalization and the
 * activation, as far as each alone reads what is before it.
 */
export function featureMaps({ graph }: OnnxModel): readonly string[] {
  const links = new GraphLinks(graph);
  return graph.nodes
    .filter(({ opType, domain }) => opType === 'Conv' && domain === '')
    .map(({ outputs }) => endOf(outputs[0] as string, links))
    .toReversed();
}

function endOf(maps: string, links: GraphLinks): string {
  const next = nextOf(maps, links);
  return next === undefined ? maps : endOf(next, links);
}

/** The maps behind what alone reads `maps`; undefined where that does more than change each element. */
function nextOf(maps: string, links: GraphLinks): string | undefined {
  const readers = links.readers(maps) ?? [];
  const [only] = readers;
  if (only && readers.length === 1) return changesEach(only, maps, links) ? only.outputs[0] : undefined;
  const gate = readers.find(({ opType }) => gates.has(opType));
  const product = readers.find(({ opType }) => opType === 'Mul');
  const gated = gate?.outputs[0];
  const isGated =
    readers.length === 2 &&
    gated !== undefined &&
    product?.inputs.includes(gated) === true &&
    links.readers(gated)?.length === 1;
  return isGated ? product.outputs[0] : undefined;
}

function changesEach({ opType, domain, inputs }: OnnxNode, maps: string, { constants }: GraphLinks): boolean {
  if (domain !== '') return false;
  const [first, second = ''] = inputs;
  if (first === maps && activations.has(opType)) return true;
  const other = first === maps ? second : first;
  const isFirst = first === maps || opType === 'Add' || opType === 'Mul';
  return isFirst && withConstant.has(opType) && constants.has(other as string);
}
