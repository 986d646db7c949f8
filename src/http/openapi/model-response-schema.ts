import type { DocumentedModel } from './documented-model.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

/** The infer response of this model: what every response is, with this model's outputs. */
export function modelResponseSchema({ outputs }: DocumentedModel): JsonObject {
  const common = reference('schemas', 'InferResponse');
  if (outputs.length === 0) return common;
  const tensors = outputs.map(({ name, datatype, shape }) => ({
    type: 'object',
    title: name,
    description: `${datatype} [${shape.join(', ')}]; BYTES where classification was asked for.`,
    properties: {
      name: { type: 'string', const: name },
      datatype: { type: 'string', enum: [...new Set([datatype, 'BYTES'])] },
    },
  }));
  return { allOf: [common, { type: 'object', properties: { outputs: { type: 'array', items: { anyOf: tensors } } } }] };
}
