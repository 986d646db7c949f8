import { isObject } from '../../protocol/is-object.ts';
import type { JsonObject } from './read-json-file.ts';

/**
 * The names of a model's classes, in order, as `id2label` of its config.json has them; undefined where it has none.
 * Throws an Error for what is none.
 */
export function labelsOfConfig({ id2label }: JsonObject): readonly string[] | undefined {
  if (id2label === undefined || id2label === null) return undefined;
  if (!isObject(id2label) && !Array.isArray(id2label)) throw new Error("config.json: 'id2label': expected an object");
  const entries = Object.entries(id2label);
  const strange = entries.find(([id, label]) => !/^(0|[1-9][0-9]{0,6})$/.test(id) || typeof label !== 'string');
  if (strange)
    throw new Error(`config.json: 'id2label': expected names by number, got ${JSON.stringify(strange).slice(0, 200)}`);
  const names = new Map(entries.map(([id, label]) => [Number(id), label as string]));
  const count = Math.max(-1, ...names.keys()) + 1;
  // Classes that nobody named are their numbers, as where there are no names at all.
  return Array.from({ length: count }, (_, id) => names.get(id) ?? String(id));
}
