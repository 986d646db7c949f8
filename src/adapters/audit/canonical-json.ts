/**
 * A value of JSON in the one form that it has here: the members of objects by name, no spaces, numbers and texts as
 * JSON.stringify writes them; a member that is undefined is left out. Source: RFC 8785, JSON Canonicalization Scheme.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  for (const [name, member] of Object.entries(value).sort(byName))
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
