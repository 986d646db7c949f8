/** Where a reader of numbers stands in JSON and in the tensor; readers move it. */
export interface NumberCursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the last whole word of four bytes starts. */
  readonly lastWord: number;
  /** The next byte; between calls, the first of a number or of the white space before it. */
  at: number;
  /** The element of the tensor that it goes to. */
  index: number;
}

/**
 * Why a reader of numbers stopped: the row is over, the limit is reached, or the number at the cursor is not for it.
 */
export type Stopped = 'end' | 'limit' | 'other';
