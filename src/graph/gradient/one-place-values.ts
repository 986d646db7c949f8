import type { GraphLinks } from '../graph-links.ts';
import type { OnnxGraph, OnnxNode } from '../onnx-model.ts';
import { attributeOf } from './attribute-of.ts';
import { integersOf } from './integers-of.ts';

const reductions = new Set(['ReduceMean', 'ReduceMax', 'ReduceSum']);
/** Height and width of [batch, maps, height, width], from the front and from the end. */
const places = [2, 3, -1, -2];
/** What makes several places of one. */
const growing = new Set(['Resize', 'Upsample', 'Expand', 'Tile', 'Pad', 'ConvTranspose']);

/** Whether a node leaves one number of each map. */
export function isPooling(node: OnnxNode, { constants }: GraphLinks): boolean {
  if (node.opType === 'GlobalAveragePool' || node.opType === 'GlobalMaxPool') return true;
  if (!reductions.has(node.opType)) return false;
  const given = constants.get(node.inputs[1] ?? '');
  const axes = attributeOf.wholes(node, 'axes') ?? (given && integersOf(given));
  return axes?.some((axis) => places.includes(axis)) ?? false;
}

/** The values that have one place of each map, as those between the layers of squeeze and excitation. */
export function onePlaceValues({ nodes }: OnnxGraph, links: GraphLinks): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of nodes) {
    const read = node.inputs.filter((name) => name !== '' && !links.constants.has(name));
    const isMadeOfSuch = read.length > 0 && read.every((name) => found.has(name)) && !growing.has(node.opType);
    if (isMadeOfSuch || isPooling(node, links)) for (const name of node.outputs) found.add(name);
  }
  return found;
}
