import { dataTypes } from '../data-types.ts';
import type { OnnxModel } from '../onnx-model.ts';

/** What only hands whole numbers on. */
const handsOn = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten']);

/**
 * The value that holds the vectors of tokens: what the first Gather takes from a table of floats by an input of their
 * numbers. Undefined where there is none.
 */
export function tokenVectors({ graph }: OnnxModel, tokens: string): string | undefined {
  const numbers = new Set([tokens]);
  for (const { opType, inputs, outputs } of graph.nodes) {
    const [first = '', second = ''] = inputs;
    if (handsOn.has(opType) && numbers.has(first)) numbers.add(outputs[0] as string);
    const table = opType === 'Gather' && numbers.has(second) ? graph.initializers.get(first) : undefined;
    if (table?.dataType === dataTypes.FLOAT && table.shape.length === 2) return outputs[0];
  }
  return undefined;
}
