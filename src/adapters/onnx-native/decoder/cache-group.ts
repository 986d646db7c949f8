import type { CacheTensor } from '../../../ports/decoder.ts';
import { elementBytes } from '../../../protocol/element-bytes.ts';
import type { Api } from '../api.ts';
import { check } from '../check.ts';
import { elementTypes } from '../element-types.ts';
import type { Pointer } from '../native-types.ts';
import type { NativeCache } from './native-cache.ts';

// Written and read within one synchronous step, so one serves all.
const out = new BigUint64Array(1);

/** Which of the places of a row its tokens take: the first, or the last. */
export type Alignment = 'start' | 'end';

/**
 * Native values, one for each cache tensor of a model, [rows, heads, tokens, size]; each row is for one sequence. Owns the values until
 * `release`, which whoever takes the last row away calls.
 */
export class CacheGroup {
  readonly rows: number;
  /** Tokens that there is place for in each row. */
  readonly tokens: number;
  readonly alignment: Alignment;
  readonly bytes: number;
  readonly values: readonly Pointer[];
  readonly #api: Api;
  readonly #caches: readonly CacheTensor[];
  readonly #members = new Map<number, NativeCache>();
  #data: readonly Pointer[] | undefined;
  #views: { readonly row: number; readonly rows: number; readonly values: readonly Pointer[] } | undefined;

  /** @param values of a run, which become its own; absent: memory as it comes */
  constructor(
    api: Api,
    caches: readonly CacheTensor[],
    form: { readonly rows: number; readonly tokens: number; readonly alignment: Alignment },
    values?: readonly Pointer[],
  ) {
    this.#api = api;
    this.#caches = caches;
    this.rows = form.rows;
    this.tokens = form.tokens;
    this.alignment = form.alignment;
    this.bytes = caches.reduce((sum, cache) => sum + this.rows * this.#rowBytes(cache), 0);
    this.values = values ?? this.#allocate();
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

  /** Copies the first `length` tokens of a cache into a row. */
  fill(row: number, cache: NativeCache, length: number): void {
    const from = cache.group;
    this.#clear(row, length);
    if (!from) return;
    const { copy } = this.#api.memory;
    for (const [index, { heads, size, datatype }] of this.#caches.entries()) {
      const tokenBytes = size * elementBytes[datatype];
      const source = from.#address(index);
      const target = this.#address(index);
      for (let head = 0; head < heads; head += 1) {
        const first = (cache.row * heads + head) * from.tokens + from.#firstToken(cache.length);
        const to = (row * heads + head) * this.tokens + this.#firstToken(length);
        copy(target + BigInt(to * tokenBytes), source + BigInt(first * tokenBytes), length * tokenBytes);
      }
    }
  }

  release(): void {
    this.#releaseViews();
    for (const value of this.values) this.#api.releaseValue(value);
  }

  /** Zeros in front of the last `length` tokens of a row: they are masked, but what is no number would not be. */
  #clear(row: number, length: number): void {
    const places = this.tokens - length;
    if (this.alignment === 'start' || places === 0) return;
    for (const [index, { heads, size, datatype }] of this.#caches.entries()) {
      const tokenBytes = size * elementBytes[datatype];
      for (let head = 0; head < heads; head += 1) {
        const at = (row * heads + head) * this.tokens * tokenBytes;
        this.#api.memory.fill(this.#address(index) + BigInt(at), 0, places * tokenBytes);
      }
    }
  }

  #firstToken(length: number): number {
    return this.alignment === 'start' ? 0 : this.tokens - length;
  }

  #rowBytes({ heads, size, datatype }: CacheTensor): number {
    return heads * this.tokens * size * elementBytes[datatype];
  }

  #address(index: number): Pointer {
    this.#data ??= this.values.map((value) => {
      check(this.#api, this.#api.getTensorMutableData(value, out));
      return out[0] as Pointer;
    });
    return this.#data[index] as Pointer;
  }

  #allocate(): readonly Pointer[] {
    const values: Pointer[] = [];
    try {
      for (const { heads, size, datatype } of this.#caches) {
        const shape = BigInt64Array.of(BigInt(this.rows), BigInt(heads), BigInt(this.tokens), BigInt(size));
        check(this.#api, this.#api.createTensor(this.#api.allocator, shape, 4, elementTypes[datatype], out));
        values.push(out[0] as Pointer);
      }
      return values;
    } catch (error) {
      for (const value of values) this.#api.releaseValue(value);
      throw error;
    }
  }

  #over(cache: CacheTensor, data: Pointer, row: number, rows: number): Pointer {
    const { heads, size, datatype } = cache;
    const bytes = this.#rowBytes(cache);
    const shape = BigInt64Array.of(BigInt(rows), BigInt(heads), BigInt(this.tokens), BigInt(size));
    const { memoryInfo } = this.#api;
    const at = data + BigInt(row * bytes);
    check(
      this.#api,
      this.#api.createTensorWithData(memoryInfo, at, rows * bytes, shape, 4, elementTypes[datatype], out),
    );
    return out[0] as Pointer;
  }

  #releaseViews(): void {
    for (const value of this.#views?.values ?? []) this.#api.releaseValue(value);
    this.#views = undefined;
  }
}
