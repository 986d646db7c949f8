/** Parts that an answer is shared out among at most. */
const mostParts = 256;

/** What an answer is shared out among: each by itself, or where that is too many, as many in a row as it takes. */
export function groupsOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  const size = Math.max(1, Math.ceil(all.length / mostParts));
  return Array.from({ length: Math.ceil(all.length / size) }, (_item, group) =>
    all.slice(group * size, (group + 1) * size),
  );
}
