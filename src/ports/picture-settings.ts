/** How a pixel of a resized picture is made of those that it covers, by Pillow's names. */
export type ResizeFilter = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

export interface ResizedSides {
  readonly shortestSide: number;
  /** Both are smaller where it would be longer. */
  readonly longestSide?: number;
  /** Both sides are rounded down to a multiple of it. @default 1 */
  readonly multipleOf?: number;
}

/** How a picture becomes a tensor: its size first, then its values. */
export interface PictureSettings {
  /** The picture is made this size before all else: exactly, or by its sides. @default it is left as it is */
  readonly resize?: PictureSize | ResizedSides;
  /**
   * How it comes to have the tensor's size: stretched; covering it, and cut to its middle; within it, with `padding`
   * around. @default stretch
   */
  readonly fit?: 'stretch' | 'crop' | 'letterbox';
  /** The tensor's size, where the input leaves it open. @default the picture's */
  readonly size?: PictureSize;
  /** @default bilinear */
  readonly filter?: ResizeFilter;
  /** What stands around it, 0 to 255. @default 0 */
  readonly padding?: number;
  /** Where it lies in what stands around it: `start` is left and top. @default middle */
  readonly place?: 'middle' | 'start';
  /**
   * Where the input leaves the size open: behind its right and lower sides it goes on as in a mirror, up to the next
   * multiple of it, one more where it is one. What is made of that is cut off again.
   */
  readonly mirrorTo?: number;
  /** Which of the three channels comes first. @default RGB */
  readonly order?: 'RGB' | 'BGR';
  /** @default by where the input's channels are */
  readonly layout?: 'HWC' | 'CHW';
  /** Of floats: each value 0 to 255 is multiplied by it. */
  readonly scale?: number;
  /** Subtracted after that, for each channel. @default 0 */
  readonly mean?: readonly number[];
  /** Divides after that, for each channel. @default 1 */
  readonly std?: readonly number[];
}
