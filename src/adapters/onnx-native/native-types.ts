/** An address in native memory. */
export type Pointer = bigint;

/** What a native function takes as an address: one it gave out, or JavaScript memory. */
export type Memory = Pointer | ArrayBufferView | null;

/** A function of a native library; `async` calls it on libuv's pool, and everything passed must outlive the call. */
export interface NativeFunction<Arguments extends unknown[], Result> {
  (...values: Arguments): Result;
  async(...values: [...Arguments, (error: Error | null, result: Result) => void]): void;
}
