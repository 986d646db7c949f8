import type { Tool } from './read-tools.ts';

/** The JSON schema of a call of one of some tools. */
export function callSchema(tools: readonly Tool[]): object {
  const calls = tools.map(({ name, parameters }) => ({
    type: 'object',
    properties: { name: { const: name }, arguments: parameters },
    required: ['name', 'arguments'],
    additionalProperties: false,
  }));
  return calls.length === 1 ? (calls[0] as object) : { anyOf: calls };
}
