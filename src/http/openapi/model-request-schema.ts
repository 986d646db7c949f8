import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Limits } from '../../settings.ts';
import type { DocumentedModel } from './documented-model.ts';
import { inputSchema } from './input-schema.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

/** The infer request in JSON that this model takes. */
export function modelRequestSchema({ name, inputs, outputs }: DocumentedModel, limits: Limits): JsonObject {
  const each = inputs.map((input) => ({
    contains: { type: 'object', required: ['name'], properties: { name: { const: input.name } } },
  }));
  return {
    type: 'object',
    title: `Request to ${name}`,
    required: ['inputs'],
    properties: {
      id: reference('schemas', 'Id'),
      parameters: reference('schemas', 'RequestParameters'),
      inputs: {
        type: 'array',
        description: 'Each input once, in any order.',
        minItems: inputs.length,
        maxItems: inputs.length,
        ...anyOf(inputs.map((input) => inputSchema(input, limits))),
        ...(inputs.length > 1 ? { allOf: each } : {}),
      },
      outputs: {
        type: 'array',
        description: 'The outputs wanted, each once; without any, all.',
        maxItems: outputs.length,
        uniqueItems: true,
        ...anyOf(
          [outputs.filter(hasClasses), outputs.filter((output) => !hasClasses(output))]
            .filter((group) => group.length > 0)
            .map(requestedOutput),
        ),
      },
    },
  };
}

function anyOf(items: readonly JsonObject[]): JsonObject {
  if (items.length === 0) return {};
  return { items: items.length === 1 ? items[0] : { anyOf: items } };
}

/** Whether classification can be asked for: numbers in one or more dimensions. */
function hasClasses({ datatype, shape }: TensorSpec): boolean {
  return datatype !== 'BYTES' && shape.length > 0;
}

/** One of the requested outputs, for outputs that are alike in whether they have classes. */
function requestedOutput(specs: readonly TensorSpec[]): JsonObject {
  const parameters = reference('schemas', 'OutputParameters');
  return {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string', enum: specs.map((spec) => spec.name) },
      parameters: specs.every(hasClasses)
        ? parameters
        : { allOf: [parameters, { properties: { classification: { const: 0 } } }] },
    },
  };
}
