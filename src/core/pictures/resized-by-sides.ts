import type { PictureSettings, PictureSize } from '../../ports/picture-settings.ts';

/**
 * The size that a picture is to be made.
 *
 * Source: Hugging Face transformers, image_transforms.py, get_resize_output_image_size; with a longest side,
 * models/detr/image_processing_detr.py.
 */
export function resizedBySides(
  { width, height }: PictureSize,
  resize: NonNullable<PictureSettings['resize']>,
): PictureSize {
  if ('width' in resize) return resize;
  const shorter = Math.min(width, height);
  const longer = Math.max(width, height);
  const { longestSide = Number.POSITIVE_INFINITY } = resize;
  const isTooLong = (longer / shorter) * resize.shortestSide > longestSide;
  const exact = isTooLong ? (longestSide * shorter) / longer : resize.shortestSide;
  const short = Math.max(1, Math.round(exact));
  const long = Math.max(1, Math.trunc((exact * longer) / shorter));
  return width < height ? { width: short, height: long } : { width: long, height: short };
}
