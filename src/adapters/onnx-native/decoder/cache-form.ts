import type { Pointer } from '../native-types.ts';
import type { Alignment } from './cache-group.ts';
import type { NativeCache } from './native-cache.ts';

/** How the caches of a run lie in memory. */
export interface CacheArrangement {
  /** The sequences in the order of their rows. */
  readonly rows: readonly NativeCache[];
  /** Places for tokens that the run sees in front of the new ones, in each row. */
  readonly tokens: number;
  readonly pasts: readonly Pointer[];
  /** What the run writes the caches into; undefined: the runtime makes them. */
  readonly presents: readonly Pointer[] | undefined;
}

/** How a model keeps its caches. */
export interface CacheForm {
  readonly alignment: Alignment;
  /** As `Decoder.growth`. */
  growth(caches: readonly NativeCache[], tokens: number): number;
  /** A cache of its own of the first `length` tokens of another. */
  fork(cache: NativeCache, length: number): NativeCache;
  /**
   * Brings the caches of a run together, each of which `added` tokens will be added to. They hold what they held
   * whatever becomes of it.
   */
  arrange(caches: readonly NativeCache[], added: number): CacheArrangement;
  /** Takes over what a run gave. */
  accept(arrangement: CacheArrangement, added: number, presents: readonly Pointer[]): void;
  /** Frees what belongs to no cache. */
  release(): void;
}
