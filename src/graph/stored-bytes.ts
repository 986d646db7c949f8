/** Bytes wherever they are: in memory, in a file, or made anew each time that they are asked for. */
export interface StoredBytes {
  readonly length: number;
  /** All of them, where they are in memory. */
  readonly held?: Uint8Array;
  /** All of them in order, a piece at a time; the same each time that they are asked for. */
  pieces(): AsyncIterable<Uint8Array>;
}
