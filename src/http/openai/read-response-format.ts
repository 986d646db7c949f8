import type { Fields } from '../../core/fields.ts';

/** The field `response_format`: the JSON schema that the answer must follow; undefined: it is text. Throws 400. */
export function readResponseFormat(fields: Fields): object | undefined {
  const format = fields.value('response_format');
  if (format === undefined) return undefined;
  const { type, json_schema: named } = Object(format);
  if (type === 'text') return undefined;
  if (type === 'json_object') return { type: 'object' };
  const { schema } = Object(named);
  if (type === 'json_schema' && typeof schema === 'object' && schema !== null && !Array.isArray(schema)) return schema;
  throw fields.wrong(
    'response_format',
    '{"type": "text"}, {"type": "json_object"} or {"type": "json_schema", "json_schema": {"name": …, "schema": a JSON schema}}',
  );
}
