/** How a pixel of a resized picture is made of those that it covers, by Pillow's names. */
export type ResizeFilter = 'nearest' | 'box' | 'bilinear' | 'hamming' | 'bicubic' | 'lanczos';

/** How the values of a picture become those of a tensor. */
export interface PictureSettings {
  /** @default by where the input's channels are */
  readonly layout?: 'HWC' | 'CHW';
  /** Of floats: each value 0 to 255 is multiplied by it. */
  readonly scale?: number;
  /** Subtracted after that, for each channel. @default 0 */
  readonly mean?: readonly number[];
  /** Divides after that, for each channel. @default 1 */
  readonly std?: readonly number[];
}
