/** A version as the cache knows it. */
export interface CacheEntry {
  /** Names what it holds, to the byte: a version whose objects changed has another name. */
  readonly name: string;
  readonly bytes: number;
}
