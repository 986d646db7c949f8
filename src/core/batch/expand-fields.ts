const range = /^(.*?)(\d+)\.\.\1(\d+)$/;
const mostFields = 1_000_000;

/** The fields that a name means: `p0..p63` those from the first to the last number, any other itself. */
export function expandFields(name: string): readonly string[] {
  const [, prefix = '', first, last] = range.exec(name) ?? [];
  if (first === undefined || last === undefined) return [name];
  const count = Number(last) - Number(first) + 1;
  if (count < 1 || count > mostFields) return [name];
  // With zeros before it where the first has them: p00..p63.
  return Array.from(
    { length: count },
    (_, index) => prefix + String(Number(first) + index).padStart(first.length, '0'),
  );
}
