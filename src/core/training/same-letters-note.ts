/** Groups that a note names. */
const mostShown = 5;

/**
 * What to note of classes whose names differ by capitals alone: whoever wrote them may have meant one. Undefined where
 * there are none.
 */
export function sameLettersNote(names: readonly string[], label: string): string | undefined {
  const groups = [...Map.groupBy(names, (name) => name.toLowerCase()).values()].filter(({ length }) => length > 1);
  if (groups.length === 0) return undefined;
  const shown = groups.slice(0, mostShown).map((group) => group.map((name) => `'${name}'`).join(' and '));
  const more = groups.length > mostShown ? `, and ${groups.length - mostShown} more` : '';
  return `${label}: ${shown.join(', ')}${more} differ by capitals alone, and are classes of their own: write them alike where they are one`;
}
