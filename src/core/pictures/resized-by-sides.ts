import type { PictureSettings, PictureSize } from '../../ports/picture-settings.ts';

/**
 * The size that a picture is to be made.
 *
 * Source: Hugging Face transformers, image_transforms.py, get_resize_output_image_size; with a longest side,
 * models/detr/image_processing_detr.py; in multiples, models/yolos/image_processing_yolos.py.
 */
export function resizedBySides(
  { width, height }: PictureSize,
  resize: NonNullable<PictureSettings['resize']>,
): PictureSize {
  if ('width' in resize) return resize;
  const shorter = Math.min(width, height);
  const longer = Math.max(width, height);
  const { longestSide = Number.POSITIVE_INFINITY, multipleOf = 1 } = resize;
  const isTooLong = (longer / shorter) * resize.shortestSide > longestSide;
  const exact = isTooLong ? (longestSide * shorter) / longer : resize.shortestSide;
  const inMultiples = (side: number) => Math.max(multipleOf, side - (side % multipleOf));
  const short = inMultiples(Math.round(exact));
  const long = inMultiples(Math.trunc((exact * longer) / shorter));
  return width < height ? { width: short, height: long } : { width: long, height: short };
}
