import type { Fields } from '../../core/fields.ts';
import { shownJson } from '../../core/shown-json.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** A field with one text or the tokens of one, or a list of either. Throws 400 that says which is neither. */
export function readTexts(fields: Fields, field: string): readonly (string | readonly number[])[] {
  const given = fields.value(field);
  if (isText(given)) return [given];
  if (!Array.isArray(given) || given.length === 0) throw fields.wrong(field, 'a text, tokens, or a list of either');
  checkTokens(given, `field '${field}'`, field);
  for (const [index, item] of given.entries()) {
    if (isText(item)) continue;
    const at = `field '${field}', item ${index}`;
    if (Array.isArray(item)) checkTokens(item, at, field);
    throw new ServiceError(400, `${at}: expected a text or tokens, got ${shownJson(item)}`, { field });
  }
  return given;
}

function isText(value: unknown): value is string | readonly number[] {
  return typeof value === 'string' || (Array.isArray(value) && value.length > 0 && value.every(isToken));
}

function isToken(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/** Throws for numbers that are not all tokens: 400 that says which is none. */
function checkTokens(values: readonly unknown[], at: string, field: string): void {
  const strange = values.findIndex((value) => !isToken(value));
  if (strange === -1 || !values.every((value) => typeof value === 'number')) return;
  throw new ServiceError(
    400,
    `${at}, token ${strange}: expected a whole number from 0 on, got ${shownJson(values[strange])}`,
    { field },
  );
}
