import type { Datatype } from '../../protocol/datatype.ts';
import type { DocumentedModel } from './documented-model.ts';
import { fewestElements, spelledOutElements } from './fewest-elements.ts';
import { isHalf } from './is-half.ts';
import type { JsonObject } from './json-object.ts';

/**
 * A request in JSON that the model answers: zeros, with 1 for each free dimension. Undefined where it would be too long
 * to read, or JSON cannot carry it.
 */
export function exampleRequest(model: DocumentedModel): JsonObject | undefined {
  const counts = model.inputs.map(({ shape }) => fewestElements(shape));
  if (counts.reduce((sum, count) => sum + count, 0) > spelledOutElements) return undefined;
  if (model.inputs.some(({ datatype }) => isHalf(datatype))) return undefined;
  return {
    id: 'example',
    ...(model.outputs.some(({ datatype }) => isHalf(datatype)) ? { parameters: { binary_data_output: true } } : {}),
    inputs: model.inputs.map(({ name, datatype, shape }, index) => ({
      name,
      datatype,
      shape: shape.map((size) => (size === -1 ? 1 : size)),
      data: new Array(counts[index] ?? 0).fill(zero(datatype)),
    })),
  };
}

function zero(datatype: Datatype): boolean | string | number {
  if (datatype === 'BOOL') return false;
  return datatype === 'BYTES' ? '' : 0;
}
