import type { Tool } from './read-tools.ts';

/** What has values, not schemas, which may read like one. */
const values = new Set(['const', 'enum', 'default', 'examples']);

/** The JSON schema of a call of one of some tools: its name first, then its arguments. */
export function callSchema(tools: readonly Tool[]): object {
  if (tools.length === 1) return callOf(tools[0] as Tool, '#');
  return { anyOf: tools.map((tool, index) => callOf(tool, `#/anyOf/${index}`)) };
}

function callOf({ name, parameters }: Tool, place: string): object {
  return {
    type: 'object',
    properties: { name: { const: name }, arguments: moved(parameters, `${place}/properties/arguments`) },
    required: ['name', 'arguments'],
    additionalProperties: false,
  };
}

/** A schema whose references to its own parts hold in another place. */
function moved(schema: unknown, place: string): unknown {
  if (Array.isArray(schema)) return schema.map((each) => moved(each, place));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if (keyword === '$ref' && typeof value === 'string') return [keyword, value.replace(/^#/, place)];
      return [keyword, values.has(keyword) ? value : moved(value, place)];
    }),
  );
}
