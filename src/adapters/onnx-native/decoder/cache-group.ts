import type { CacheTensor } from '../../../ports/decoder.ts';
import { elementBytes } from '../../../protocol/element-bytes.ts';
import type { TensorKind } from '../../../protocol/tensor.ts';
import type { Pointer } from '../native-types.ts';
import type { RowPlace } from '../row-copy.ts';
import type { CacheMemory } from './cache-memory.ts';
import type { NativeCache } from './native-cache.ts';

/** Which of the places of a row its tokens take: the first, or the last. */
export type Alignment = 'start' | 'end';

/**
 * Native values, one for each cache tensor of a model, [rows, heads, tokens, size]; each row is for one sequence. It has
 * no memory before it is used, then owns the values until `release`, which whoever takes the last row away calls.
 */
export class CacheGroup {
  readonly rows: number;
  /** Tokens that there is place for in each row. */
  readonly tokens: number;
  readonly alignment: Alignment;
  readonly bytes: number;
  readonly #memory: CacheMemory;
  readonly #caches: readonly CacheTensor[];
  readonly #members = new Map<number, NativeCache>();
  #values: readonly Pointer[] | undefined;
  #data: readonly Pointer[] | undefined;
  #views: { readonly row: number; readonly rows: number; readonly values: readonly Pointer[] } | undefined;

  /** @param values of a run, which become its own; absent: memory as it comes */
  constructor(
    memory: CacheMemory,
    caches: readonly CacheTensor[],
    form: { readonly rows: number; readonly tokens: number; readonly alignment: Alignment },
    values?: readonly Pointer[],
  ) {
    this.#memory = memory;
    this.#caches = caches;
    this.rows = form.rows;
    this.tokens = form.tokens;
    this.alignment = form.alignment;
    this.bytes = caches.reduce((sum, cache) => sum + this.rows * this.#rowBytes(cache), 0);
    if (values) this.#own(values);
  }

  get values(): readonly Pointer[] {
    return this.#values ?? this.#own(this.#allocate());
  }

  /** Rows that are taken. */
  get size(): number {
    return this.#members.size;
  }

  get members(): Iterable<NativeCache> {
    return this.#members.values();
  }

  at(row: number): NativeCache | undefined {
    return this.#members.get(row);
  }

  /** As `NativeCache.moveTo` does alone. */
  add(cache: NativeCache): void {
    this.#members.set(cache.row, cache);
  }

  /** As `NativeCache.moveTo` does alone. */
  remove(cache: NativeCache): void {
    if (this.#members.get(cache.row) === cache) this.#members.delete(cache.row);
  }

  /** Values over the memory of `rows` rows from `row` on; they are the group's. */
  view(row: number, rows: number): readonly Pointer[] {
    if (row === 0 && rows === this.rows) return this.values;
    if (this.#views?.row === row && this.#views.rows === rows) return this.#views.values;
    this.#releaseViews();
    const values = this.#caches.map((cache, index) => this.#over(cache, this.#address(index), row, rows));
    this.#views = { row, rows, values };
    return values;
  }

  /**
   * Copies the first `length` tokens of a cache into a row, behind zeros where they stand at its end: these are masked,
   * but what is no number would not be.
   */
  fill(row: number, cache: NativeCache, length: number): void {
    const { group } = cache;
    for (const [index, { heads, size, datatype }] of this.#caches.entries()) {
      const from = group && length > 0 ? group.#place(index, cache.row, cache.length) : undefined;
      const to = this.#place(index, row, length);
      this.#memory.copyRow({ heads, tokenBytes: size * elementBytes[datatype], length, from, to });
    }
  }

  release(): void {
    this.#releaseViews();
    if (!this.#values) return;
    for (const value of this.#values) this.#memory.release(value);
    this.#memory.bytes -= this.bytes;
    this.#values = undefined;
  }

  /** Where the first of `length` tokens of a row is. */
  #place(index: number, row: number, length: number): RowPlace {
    const at = this.#address(index) + BigInt(row * this.#rowBytes(this.#caches[index] as CacheTensor));
    return { at, tokens: this.tokens, first: this.#firstToken(length) };
  }

  #firstToken(length: number): number {
    return this.alignment === 'start' ? 0 : this.tokens - length;
  }

  #rowBytes({ heads, size, datatype }: CacheTensor): number {
    return heads * this.tokens * size * elementBytes[datatype];
  }

  #address(index: number): Pointer {
    this.#data ??= this.values.map((value) => this.#memory.addressOf(value));
    return this.#data[index] as Pointer;
  }

  #own(values: readonly Pointer[]): readonly Pointer[] {
    this.#values = values;
    this.#memory.bytes += this.bytes;
    return values;
  }

  #allocate(): readonly Pointer[] {
    const values: Pointer[] = [];
    try {
      for (const cache of this.#caches) {
        values.push(this.#memory.allocate(this.#kind(cache, this.rows)));
      }
      return values;
    } catch (error) {
      for (const value of values) this.#memory.release(value);
      throw error;
    }
  }

  #over(cache: CacheTensor, data: Pointer, row: number, rows: number): Pointer {
    return this.#memory.over(data + BigInt(row * this.#rowBytes(cache)), this.#kind(cache, rows));
  }

  #kind({ heads, size, datatype }: CacheTensor, rows: number): TensorKind {
    return { datatype, shape: [rows, heads, this.tokens, size] };
  }

  #releaseViews(): void {
    for (const value of this.#views?.values ?? []) this.#memory.release(value);
    this.#views = undefined;
  }
}
