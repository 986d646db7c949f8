import { GraphLinks } from '../graph-links.ts';
import type { OnnxModel, OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import { isPooling, onePlaceValues } from './one-place-values.ts';

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
  'Sigmoid',
  'HardSigmoid',
  'Identity',
  'Dropout',
]);
/** What adds a bias or a shortcut, or multiplies by a scale or a gate. */
const withOthers = new Set(['Add', 'Sum', 'Mul']);
/** What does so with a constant behind it. */
const withConstant = new Set(['Sub', 'Div']);
/** What a value is multiplied with in SiLU and HardSwish, where they are written as two nodes. */
const gates = new Set(['Sigmoid', 'HardSigmoid']);

/**
 * The values that hold the maps of each convolution, the last first: behind the bias, the normalization and the
 * activation, the sum with a shortcut, and the maps that are put beside them, as far as nothing else reads what is before
 * it; what makes one number of each map counts as nobody. Convolutions of such numbers have no maps.
 */
export function featureMaps({ graph }: OnnxModel): readonly string[] {
  const links = new GraphLinks(graph);
  const ofOnePlace = onePlaceValues(graph, links);
  const found = graph.nodes
    .filter(({ opType, domain, outputs: [maps = ''] }) => opType === 'Conv' && domain === '' && !ofOnePlace.has(maps))
    .map(({ outputs }) => endOf(outputs[0] as string, links))
    .toReversed();
  // A shortcut may have a convolution too.
  return [...new Set(found)];
}

function endOf(maps: string, links: GraphLinks): string {
  const next = nextOf(maps, links);
  return next === undefined ? maps : endOf(next, links);
}

/** The maps behind what alone reads `maps`; undefined where that makes something else of them. */
function nextOf(maps: string, links: GraphLinks): string | undefined {
  const readers = (links.readers(maps) ?? []).filter((node) => !isPooling(node, links));
  const [only] = readers;
  if (only && readers.length === 1) return keepsMaps(only, maps, links) ? only.outputs[0] : undefined;
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

/** Whether a node gives as many places as the maps have that it reads. */
function keepsMaps(node: OnnxNode, maps: string, { constants }: GraphLinks): boolean {
  const { opType, domain, inputs } = node;
  if (domain !== '') return false;
  if (withOthers.has(opType)) return true;
  if (opType === 'Concat') return [1, -3].includes(attributeOf.whole(node, 'axis') ?? 0);
  if (inputs[0] !== maps) return false;
  return activations.has(opType) || (withConstant.has(opType) && constants.has(inputs[1] ?? ''));
}
