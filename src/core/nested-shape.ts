/**
 * The shape that nested arrays have: empty for a value alone. Throws an Error where rows differ in length or depth;
 * `what` it is a value of, in words.
 */
export function nestedShape(what: string, value: unknown): readonly number[] {
  if (!Array.isArray(value)) return [];
  const [first = [], ...others] = value.map((item) => nestedShape(what, item));
  if (others.some((other) => other.join() !== first.join())) {
    throw new Error(`${what}: expected rows of one length, got rows that differ`);
  }
  return [value.length, ...(value.length > 0 ? first : [])];
}
