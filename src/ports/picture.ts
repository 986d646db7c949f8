/** A picture of 8 bits a channel, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Values of one pixel. */
  readonly channels: number;
  readonly pixels: Uint8Array;
}
