/** Whether two values of JSON are one: members of objects in any order. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [entries, others] = [Object.entries(one), Object.entries(other)];
  return (
    entries.length === others.length &&
    entries.every(
      ([name, value]) => Object.hasOwn(other, name) && sameValue(value, (other as Record<string, unknown>)[name]),
    )
  );
}
