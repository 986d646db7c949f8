import type { CacheTensor } from '../../../ports/decoder.ts';
import type { Pointer } from '../native-types.ts';
import type { CacheArrangement, CacheForm } from './cache-form.ts';
import { CacheGroup } from './cache-group.ts';
import type { CacheMemory } from './cache-memory.ts';
import { type CacheMove, growthBy, move } from './cache-move.ts';
import { NativeCache } from './native-cache.ts';

/**
 * Caches of a model that makes them anew in each run, with the new tokens behind the old ones: what a run gives goes
 * into the next.
 *
 * Sequences that ran together stay together, in one value, as long as the same ones run. Shorter ones stand at the end
 * of their rows, behind zeros that the mask hides.
 */
export class HandedOnCaches implements CacheForm {
  readonly alignment = 'end';
  readonly #memory: CacheMemory;
  readonly #caches: readonly CacheTensor[];
  #empty: CacheGroup | undefined;
  /** On a device: what the run under way writes into. */
  #next: CacheGroup | undefined;

  constructor(memory: CacheMemory, caches: readonly CacheTensor[]) {
    this.#memory = memory;
    this.#caches = caches;
  }

  /** What a run gives is what all of them lie in. */
  growth(caches: readonly NativeCache[], tokens: number): number {
    return growthBy([...rowsOf(this.#group(caches.length, tokens), caches), ...this.#apart(caches)]);
  }

  fork(cache: NativeCache, length: number): NativeCache {
    return length === 0 ? new NativeCache() : cache.forkInto(this.#group(1, length), length);
  }

  arrange(caches: readonly NativeCache[], added: number): CacheArrangement {
    const [first] = caches as [NativeCache];
    if (caches.length === 1 && !first.group) {
      this.#empty ??= this.#group(1, 0);
      return this.#arrangement(caches, this.#empty, added);
    }
    const { group } = first;
    const isTogether = group && group.size === caches.length && caches.every((cache) => cache.group === group);
    const together = isTogether && group.rows === group.size ? group : this.#gather(caches);
    const rows = [...caches].sort((one, other) => one.row - other.row);
    return this.#arrangement(rows, together, added);
  }

  /** The outputs of the run become the caches' memory; what they were in is freed. */
  accept({ rows, tokens }: CacheArrangement, added: number, presents: readonly Pointer[]): void {
    const form = { rows: rows.length, tokens: tokens + added, alignment: this.alignment } as const;
    const group = this.#next ?? new CacheGroup(this.#memory, this.#caches, form, presents);
    this.#next = undefined;
    for (const [row, cache] of rows.entries()) cache.moveTo(group, row);
  }

  release(): void {
    for (const group of [this.#empty, this.#next]) group?.release();
    this.#empty = undefined;
    this.#next = undefined;
  }

  /** On a device the run is given memory there: what the runtime makes comes to the processor. */
  #arrangement(rows: readonly NativeCache[], { tokens, values }: CacheGroup, added: number): CacheArrangement {
    // That of a run that failed.
    this.#next?.release();
    this.#next = this.#memory.isOnDevice ? this.#group(rows.length, tokens + added) : undefined;
    return { rows, tokens, pasts: values, presents: this.#next?.values };
  }

  #gather(caches: readonly NativeCache[]): CacheGroup {
    const group = this.#group(caches.length, Math.max(...caches.map((cache) => cache.length)));
    const apart = this.#apart(caches);
    move(rowsOf(group, caches));
    move(apart);
    return group;
  }

  /** Who stays behind gets memory for itself: the old one is as large as it was for all. */
  #apart(caches: readonly NativeCache[]): readonly CacheMove[] {
    const moving = new Set(caches);
    const others = [...new Set(caches.map(({ group }) => group))].flatMap((group) => [...(group?.members ?? [])]);
    const behind = others.filter((cache) => !moving.has(cache));
    return behind.map((cache) => ({ cache, group: this.#group(1, cache.length), row: 0 }));
  }

  #group(rows: number, tokens: number): CacheGroup {
    return new CacheGroup(this.#memory, this.#caches, { rows, tokens, alignment: this.alignment });
  }
}

function rowsOf(group: CacheGroup, caches: readonly NativeCache[]): readonly CacheMove[] {
  return caches.map((cache, row) => ({ cache, group, row }));
}
