import type { Coalition, Players } from './players.ts';

/** Which parts a coalition is without, in words; undefined where that is none. */
export function leftOutWords({ shown }: Pick<Players, 'shown'>, present: Coalition): string | undefined {
  const [first, ...more] = shown.filter((_part, at) => present[at] !== 1);
  if (!first) return undefined;
  if (more.length + 1 === shown.length) return 'to the baseline';
  const name = first.feature ?? first.word;
  if (name === undefined) return `where ${more.length + 1} of ${shown.length} parts are left out`;
  return more.length === 0 ? `where '${name}' is left out` : `where '${name}' and ${more.length} more are left out`;
}
