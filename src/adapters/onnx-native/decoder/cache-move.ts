import type { CacheGroup } from './cache-group.ts';
import type { NativeCache } from './native-cache.ts';

/** A cache, and the row that it is to lie in. */
export interface CacheMove {
  readonly cache: NativeCache;
  readonly group: CacheGroup;
  readonly row: number;
}

/** Moves caches with what they hold, one after the other. */
export function move(moves: readonly CacheMove[]): void {
  for (const { cache, group, row } of moves) cache.copyInto(group, row);
}

/** Bytes that all groups take more, or less, once caches have moved. */
export function growthBy(moves: readonly CacheMove[]): number {
  const changes = new Map<CacheGroup, number>();
  const change = (group: CacheGroup, by: number) => changes.set(group, (changes.get(group) ?? 0) + by);
  for (const { cache, group } of moves) {
    if (cache.group) change(cache.group, -1);
    change(group, 1);
  }
  let bytes = 0;
  for (const [group, by] of changes) {
    if (group.size === 0) bytes += group.bytes;
    else if (group.size + by === 0) bytes -= group.bytes;
  }
  return bytes;
}
