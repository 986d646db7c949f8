/** Bytes that can be read from any place: a file, or an object in a bucket. */
export interface RandomAccess {
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on. Rejects where there are fewer, or where they changed since it was opened.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}
