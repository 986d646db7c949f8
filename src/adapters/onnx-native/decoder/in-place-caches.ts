import type { CacheTensor } from '../../../ports/decoder.ts';
import type { CacheArrangement, CacheForm } from './cache-form.ts';
import { CacheGroup } from './cache-group.ts';
import type { CacheMemory } from './cache-memory.ts';
import { NativeCache } from './native-cache.ts';

const leastTokens = 64;
/**
 * Room for tokens beside those that there are, so that what a prompt was read into need not be moved for the first few
 * behind it.
 */
const spareTokens = 32;

/**
 * Caches of a model that writes new tokens into the memory of those before (GroupQueryAttention): a row for each
 * sequence, with room for more tokens, which doubles when it is used up. Sequences that run together have rows side by
 * side.
 */
export class InPlaceCaches implements CacheForm {
  readonly alignment = 'start';
  readonly #memory: CacheMemory;
  readonly #caches: readonly CacheTensor[];
  readonly #maxPositions: number;

  constructor(memory: CacheMemory, caches: readonly CacheTensor[], maxPositions: number) {
    this.#memory = memory;
    this.#caches = caches;
    this.#maxPositions = maxPositions;
  }

  fork(cache: NativeCache, length: number): NativeCache {
    return length === 0 ? new NativeCache() : cache.forkInto(this.#group(1, length + 1), length);
  }

  arrange(caches: readonly NativeCache[], added: number): CacheArrangement {
    const total = Math.max(...caches.map(({ length }) => length)) + added;
    const together = sideBySide(caches, total) ?? this.#together(caches, total);
    const rows = [...caches].sort((one, other) => one.row - other.row);
    const values = together.view((rows[0] as NativeCache).row, rows.length);
    return { rows, tokens: total - added, pasts: values, presents: values };
  }

  accept(): void {
    // Nothing: it is where it was written.
  }

  release(): void {
    // Nothing: all memory is some cache's.
  }

  /** A group whose first rows are those of `caches`, and that has no others. */
  #together(caches: readonly NativeCache[], total: number): CacheGroup {
    const wanted = new Set(caches);
    const group = this.#roomiest(caches, total) ?? this.#group(2 ** Math.ceil(Math.log2(caches.length)), total);
    for (const other of [...group.members]) if (!wanted.has(other)) other.copyInto(this.#group(1, other.length), 0);
    const outside = caches.filter((cache) => cache.group !== group || cache.row >= caches.length);
    for (let row = 0; row < caches.length; row += 1) {
      if (group.at(row)) continue;
      (outside.shift() as NativeCache).copyInto(group, row);
    }
    return group;
  }

  /** Of the groups that the caches are in, one with room for all of them, though not for many times as many. */
  #roomiest(caches: readonly NativeCache[], total: number): CacheGroup | undefined {
    for (const { group } of caches) {
      if (!group || group.tokens < total || group.rows < caches.length) continue;
      if (group.rows <= caches.length * 4) return group;
    }
    return undefined;
  }

  #group(rows: number, length: number): CacheGroup {
    const wanted = Math.max(leastTokens, 2 ** Math.ceil(Math.log2(length + spareTokens)));
    const tokens = Math.min(wanted, this.#maxPositions);
    return new CacheGroup(this.#memory, this.#caches, { rows, tokens, alignment: this.alignment });
  }
}

/**
 * The group that caches have rows of one after the other, with room for so many tokens: others of it need not be moved.
 */
function sideBySide(caches: readonly NativeCache[], total: number): CacheGroup | undefined {
  const [{ group }] = caches as [NativeCache];
  if (!group || group.tokens < total || caches.some((cache) => cache.group !== group)) return undefined;
  const rows = caches.map(({ row }) => row);
  return Math.max(...rows) - Math.min(...rows) < rows.length ? group : undefined;
}
