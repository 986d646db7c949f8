import type { Fields } from '../../core/fields.ts';
import { isObject } from '../../protocol/is-object.ts';

/** The field `response_format`: the JSON schema that the answer must follow; undefined: it is text. Throws 400. */
export function readResponseFormat(fields: Fields): object | undefined {
  const format = fields.value('response_format');
  if (format === undefined) return undefined;
  const { type, json_schema: named } = Object(format);
  if (type === 'text') return undefined;
  if (type === 'json_object') return { type: 'object' };
  const { name, strict, schema } = Object(named);
  const isNamed = typeof name === 'string' && /^[a-zA-Z0-9_-]{1,64}$/.test(name);
  const isStrictRight = typeof (strict ?? true) === 'boolean';
  const isSchema = isObject(schema);
  if (type === 'json_schema' && isNamed && isStrictRight && isSchema) return schema;
  throw fields.wrong(
    'response_format',
    '{"type": "text"}, {"type": "json_object"} or {"type": "json_schema", "json_schema": {"name": 1 to 64 letters, digits, _ and -, "strict": true or false, "schema": a JSON schema}}',
  );
}
