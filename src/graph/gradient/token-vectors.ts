import { dataTypes } from '../data-types.ts';
import type { OnnxModel } from '../onnx-model.ts';
import { numbersOfInputs } from './numbers-of-inputs.ts';

/**
 * The value that holds the vectors of tokens: what the first Gather takes from a table of floats by an input of their
 * numbers. Undefined where there is none.
 */
export function tokenVectors({ graph }: OnnxModel, tokens: string): string | undefined {
  const numbers = numbersOfInputs(graph);
  for (const { opType, inputs, outputs } of graph.nodes) {
    const [first = '', second = ''] = inputs;
    const table = opType === 'Gather' && numbers.get(second) === tokens ? graph.initializers.get(first) : undefined;
    if (table?.dataType === dataTypes.FLOAT && table.shape.length === 2) return outputs[0];
  }
  return undefined;
}
