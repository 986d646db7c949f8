import { isObject } from '../../protocol/is-object.ts';
import type { Tool } from './read-tools.ts';

/** What has values, not schemas, which may read like one. */
const values = new Set(['const', 'enum', 'default', 'examples']);
/** What has schemas by names that are free, and may read like keywords. */
const byName = new Set(['properties', '$defs', 'definitions']);

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
  return withValues(schema, (value, keyword) => {
    if (keyword === '$ref' && typeof value === 'string') return value.replace(/^#/, place);
    if (values.has(keyword)) return value;
    return byName.has(keyword) ? withValues(value, (each) => moved(each, place)) : moved(value, place);
  });
}

/** What is no object stays as it is. */
function withValues(given: unknown, change: (value: unknown, name: string) => unknown): unknown {
  if (!isObject(given)) return given;
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, change(value, name)]));
}
