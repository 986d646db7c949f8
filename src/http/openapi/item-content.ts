import type { JsonObject } from './json-object.ts';

const text = { type: 'string' };
const file = { ...text, format: 'binary' };

/** A body that is an item of a task: in JSON, as the item is, or as a form, whose fields `described` tells of. */
export function itemContent(
  json: JsonObject,
  described: { readonly inputs: string; readonly parameters: string },
): JsonObject {
  return {
    'application/json': { schema: json },
    'text/plain': { schema: text },
    'application/octet-stream': { schema: file },
    'multipart/form-data': {
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: {
          file,
          inputs: { ...text, description: described.inputs },
          parameters: { ...text, description: described.parameters },
        },
      },
    },
  };
}
