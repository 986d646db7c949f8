const lenient = new TextDecoder();

/**
 * JSON of a value as it comes from a file: whole numbers exactly; bytes as text, as `decoder` reads it; NaN and
 * infinities as strings.
 */
export function valueJson(value: unknown, decoder = lenient): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : JSON.stringify(String(value));
  if (value instanceof Uint8Array) return JSON.stringify(decoder.decode(value));
  if (value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `[${Array.from(value as ArrayLike<unknown>, (item) => valueJson(item, decoder)).join(',')}]`;
  }
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${valueJson(member, decoder)}`,
  );
  return `{${members.join(',')}}`;
}
