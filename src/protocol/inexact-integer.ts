/** As `JSON.parse` calls it, with the text of what is no array or object, which its types do not know yet. */
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** A whole number in JSON, as it is written there, which is past those that a double holds each; undefined: none is. */
export function inexactInteger(json: string): string | undefined {
  // Most have none, and need not be read once more.
  if (!/\d{16}/.test(json)) return undefined;
  let found: string | undefined;
  const look: Reviver = (_key, value, { source = '' }) => {
    if (typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)) found ??= source;
    return value;
  };
  JSON.parse(json, look as (key: string, value: unknown) => unknown);
  return found;
}
