/** A text that two values of JSON have alike where they are one: members of objects come in any order. */
export function valueKey(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(valueKey)}]`;
  const members = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}:${valueKey(one)}`);
  return `{${members.sort()}}`;
}
