import { readsAtOnce } from '../reads-at-once.ts';

/** The first `most` of what is found by ids, in their order, and whether there is more. */
export async function foundPage<T>(
  ids: readonly string[],
  most: number,
  find: (id: string) => Promise<T | undefined>,
): Promise<{ readonly found: readonly T[]; readonly hasMore: boolean }> {
  const found: T[] = [];
  for (let at = 0; at < ids.length && found.length <= most; at += readsAtOnce) {
    const read = await Promise.all(ids.slice(at, at + readsAtOnce).map(find));
    found.push(...read.filter((each) => each !== undefined));
  }
  return { found: found.slice(0, most), hasMore: found.length > most };
}
