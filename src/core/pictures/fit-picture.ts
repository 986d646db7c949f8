import type { Picture } from '../../ports/picture.ts';
import type { PictureSettings, PictureSize } from '../../ports/picture-settings.ts';
import { checkPictureSize } from './check-picture-size.ts';
import { mirroredPicture } from './mirrored-picture.ts';
import type { Placement } from './placement.ts';
import { resizePicture } from './resize-picture.ts';
import { resizedBySides } from './resized-by-sides.ts';
import { windowOf } from './window-of.ts';

/** A picture as a tensor holds it, and where it came to lie. */
export interface FittedPicture {
  readonly picture: Picture;
  readonly placement: Placement;
}

type FitSettings = Pick<PictureSettings, 'resize' | 'fit' | 'filter' | 'padding' | 'place' | 'mirrorTo'>;

/**
 * A picture as its settings fit it to a tensor's size; a side of that which is undefined is whatever the picture's
 * comes to be.
 *
 * With `resize`, `crop` cuts the middle out of what came of that, with padding where it is too small, as Hugging Face's
 * image processors do; without, the picture is first made as small as covers the size.
 *
 * With `mirrorTo`, and a size that is left open, it stays as large as it is, and goes on as in a mirror.
 *
 * Rejects with ServiceError 413 where a narrow picture would become far too long so.
 */
export async function fitPicture(
  picture: Picture,
  size: Partial<PictureSize>,
  settings: FitSettings,
): Promise<FittedPicture> {
  const { resize, fit = 'stretch', filter, padding = 0, place = 'middle', mirrorTo } = settings;
  const asked = resize ? resizedBySides(picture, resize) : picture;
  const target = { width: size.width ?? asked.width, height: size.height ?? asked.height };
  const scaled = fit === 'stretch' ? target : resize && fit === 'crop' ? asked : scaledTo(asked, target, fit);
  // What is one pixel wide, and is to be 224, comes to be 224 times as long before its middle is cut out.
  const becomes = `the picture of ${picture.width} x ${picture.height} pixels would become one of`;
  checkPictureSize(asked, becomes);
  if (mirrorTo !== undefined && size.width === undefined && size.height === undefined) {
    const tensor = { width: nextMultiple(asked.width, mirrorTo), height: nextMultiple(asked.height, mirrorTo) };
    checkPictureSize(tensor, becomes);
    return mirroredTo(tensor, await resizePicture(picture, asked.width, asked.height, filter), picture);
  }
  if (fit === 'crop') checkPictureSize(scaled, becomes);
  // What is stretched after it was resized is resized twice, as it was asked for.
  const first = resize && fit !== 'crop' ? await resizePicture(picture, asked.width, asked.height, filter) : picture;
  const made = await resizePicture(first, scaled.width, scaled.height, filter);
  const gap = { width: target.width - made.width, height: target.height - made.height };
  const before = (space: number) => {
    // Of an odd number of pixels that are too many, or too few, Hugging Face's crop leaves one more at the end.
    if (fit === 'crop') return 0 - Math.floor(-space / 2);
    return place === 'start' ? 0 : Math.floor(space / 2);
  };
  const left = before(gap.width);
  const top = before(gap.height);
  return {
    picture: gap.width === 0 && gap.height === 0 ? made : windowOf(made, target, { left, top }, padding),
    placement: {
      picture: { width: picture.width, height: picture.height },
      tensor: target,
      across: made.width / picture.width,
      down: made.height / picture.height,
      left,
      top,
    },
  };
}

/** One more where it is one already. Source: transformers, models/swin2sr/image_processing_swin2sr.py. */
function nextMultiple(side: number, of: number): number {
  return (Math.floor(side / of) + 1) * of;
}

function mirroredTo(tensor: PictureSize, made: Picture, { width, height }: PictureSize): FittedPicture {
  const scales = { across: made.width / width, down: made.height / height };
  return {
    picture: mirroredPicture(made, tensor),
    placement: { picture: { width, height }, tensor, ...scales, left: 0, top: 0 },
  };
}

/** As large as lies within the target, or as small as covers it, with its proportions. */
function scaledTo(size: PictureSize, target: PictureSize, fit: 'crop' | 'letterbox'): PictureSize {
  const across = target.width / size.width;
  const down = target.height / size.height;
  const scale = fit === 'crop' ? Math.max(across, down) : Math.min(across, down);
  return { width: Math.max(1, Math.round(size.width * scale)), height: Math.max(1, Math.round(size.height * scale)) };
}
