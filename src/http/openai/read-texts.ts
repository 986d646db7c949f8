import type { Fields } from '../../core/fields.ts';
import { shownJson } from '../../core/shown-json.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** A field with one text or the tokens of one, or a list of either. Throws 400 that says which is neither. */
export function readTexts(fields: Fields, field: string): readonly (string | readonly number[])[] {
  const given = fields.value(field);
  if (isText(given)) return [given];
  if (!Array.isArray(given) || given.length === 0) throw fields.wrong(field, 'a text, tokens, or a list of either');
  const strange = given.findIndex((item) => !isText(item));
  if (strange === -1) return given;
  throw new ServiceError(
    400,
    `field '${field}', item ${strange}: expected a text or tokens, got ${shownJson(given[strange])}`,
    { field },
  );
}

function isText(value: unknown): value is string | readonly number[] {
  if (typeof value === 'string') return true;
  return Array.isArray(value) && value.length > 0 && value.every((id) => Number.isSafeInteger(id) && id >= 0);
}
