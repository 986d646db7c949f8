import type { CacheTensor } from '../../../ports/decoder.ts';
import type { CacheArrangement, CacheForm } from './cache-form.ts';
import { CacheGroup } from './cache-group.ts';
import type { CacheMemory } from './cache-memory.ts';
import { type CacheMove, growthBy, move } from './cache-move.ts';
import { NativeCache } from './native-cache.ts';

const leastTokens = 64;
/**
 * Room for tokens beside those that there are, so that what a prompt was read into need not be moved for the first few
 * behind it.
 */
const spareTokens = 32;

interface Together {
  readonly group: CacheGroup;
  readonly moves: readonly CacheMove[];
}

/**
 * Caches of a model that writes new tokens into the memory of those before (GroupQueryAttention): a row for each
 * sequence, with room for more tokens, which doubles when it is used up. Sequences that run together have rows side by
 * side.
 */
export class InPlaceCaches implements CacheForm {
  readonly alignment = 'start';
  readonly #memory: CacheMemory;
  readonly #caches: readonly CacheTensor[];
  readonly #mostTokens: number;

  /** @param mostTokens that a sequence may have: a row has room for no more */
  constructor(memory: CacheMemory, caches: readonly CacheTensor[], mostTokens: number) {
    this.#memory = memory;
    this.#caches = caches;
    this.#mostTokens = mostTokens;
  }

  fork(cache: NativeCache, length: number): NativeCache {
    return length === 0 ? new NativeCache() : cache.forkInto(this.#group(1, length + 1), length);
  }

  growth(caches: readonly NativeCache[], tokens: number): number {
    return growthBy(this.#together(caches, tokens).moves);
  }

  arrange(caches: readonly NativeCache[], added: number): CacheArrangement {
    const total = Math.max(...caches.map(({ length }) => length)) + added;
    const { group, moves } = this.#together(caches, total);
    move(moves);
    const rows = [...caches].sort((one, other) => one.row - other.row);
    const values = group.view((rows[0] as NativeCache).row, rows.length);
    return { rows, tokens: total - added, pasts: values, presents: values };
  }

  accept(): void {
    // Nothing: it is where it was written.
  }

  release(): void {
    // Nothing: all memory is some cache's.
  }

  /**
   * A group that caches have rows of one after the other, and what has to move until they do: they become its first
   * rows then, and it has no others.
   */
  #together(caches: readonly NativeCache[], total: number): Together {
    const beside = sideBySide(caches, total);
    if (beside) return { group: beside, moves: [] };
    const wanted = new Set(caches);
    const group = this.#roomiest(caches, total) ?? this.#group(2 ** Math.ceil(Math.log2(caches.length)), total);
    const others = [...group.members].filter((cache) => !wanted.has(cache));
    const moves: CacheMove[] = others.map((cache) => ({ cache, group: this.#group(1, cache.length), row: 0 }));
    const outside = caches.filter((cache) => cache.group !== group || cache.row >= caches.length);
    for (let row = 0; row < caches.length; row += 1) {
      const there = group.at(row);
      if (!there || !wanted.has(there)) moves.push({ cache: outside.shift() as NativeCache, group, row });
    }
    return { group, moves };
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
    const tokens = Math.max(length, Math.min(wanted, this.#mostTokens));
    return new CacheGroup(this.#memory, this.#caches, { rows, tokens, alignment: this.alignment });
  }
}

/**
 * The group that caches have rows of one after the other already, with room for so many tokens: others of it need not
 * be moved.
 */
function sideBySide(caches: readonly NativeCache[], total: number): CacheGroup | undefined {
  const [{ group }] = caches as [NativeCache];
  if (!group || group.tokens < total || caches.some((cache) => cache.group !== group)) return undefined;
  const rows = caches.map(({ row }) => row);
  return Math.max(...rows) - Math.min(...rows) < rows.length ? group : undefined;
}
