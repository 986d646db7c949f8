import { dataTypes } from '../data-types.ts';
import type { OnnxGraph, OnnxNode } from '../onnx-model.ts';
import { operatorOf } from '../operator-of.ts';
import { attributeOf } from './attribute-of.ts';

const handsOn: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);
/** What whole numbers become that they stay the same in. */
const wholes: ReadonlySet<number | undefined> = new Set([dataTypes.INT32, dataTypes.INT64]);

/**
 * The values of a graph that are the numbers of an input, whatever their shape, each with the name of that input; the
 * inputs too.
 */
export function numbersOfInputs({ inputs, nodes }: OnnxGraph): ReadonlyMap<string, string> {
  const found = new Map(inputs.map(({ name }) => [name, name]));
  for (const node of nodes) {
    const from = found.get(node.inputs[0] ?? '');
    if (from !== undefined && isHandedOn(node)) found.set(node.outputs[0] as string, from);
  }
  return found;
}

function isHandedOn(node: OnnxNode): boolean {
  const operator = operatorOf(node);
  return handsOn.has(operator) || (operator === 'Cast' && wholes.has(attributeOf.whole(node, 'to')));
}
