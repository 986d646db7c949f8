import { jsonIn } from '../../protocol/json-in.ts';

/** What Python's json writes for numbers that JSON has not: which row has one is told as its values are read. */
const noJson = /([:,[]\s*)-?(?:NaN|Infinity)\b/g;

/** The names of a record's fields, in order; undefined where the line has no JSON object. */
export function fieldsIn(line: string): readonly string[] | undefined {
  const record = jsonIn(line) ?? jsonIn(line.replace(noJson, '$1null'));
  return typeof record === 'object' && record !== null && !Array.isArray(record) ? Object.keys(record) : undefined;
}
