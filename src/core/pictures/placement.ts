import type { PictureSize } from '../../ports/picture-settings.ts';

/** Where a picture lies in the tensor that was made of it. */
export interface Placement {
  /** As it was sent. */
  readonly picture: PictureSize;
  readonly tensor: PictureSize;
  /** Pixels of the tensor for one of the picture. */
  readonly across: number;
  readonly down: number;
  /** Where its first pixel lies in the tensor; negative where that was cut off. */
  readonly left: number;
  readonly top: number;
}
