import type { PictureSize } from '../../ports/picture-settings.ts';
import { ServiceError } from '../../protocol/service-error.ts';

// Three bytes each, for as long as it takes to make a tensor of them.
const mostPixels = 50_000_000;
/**
 * As long as those of a JPEG may be: what each of millions in a line counts for takes seconds to work out, and
 * gigabytes to keep.
 */
const longestSide = 65_535;

/**
 * Throws ServiceError 413 for more pixels than a picture may have, or a longer side; `what`: how it came to have them.
 */
export function checkPictureSize({ width, height }: PictureSize, what: string): void {
  const size = `${what} ${width} x ${height} pixels`;
  if (width * height > mostPixels)
    throw new ServiceError(
      413,
      `${size}, more than the ${mostPixels} that one may have; cut it or make it smaller first`,
    );
  if (Math.max(width, height) > longestSide)
    throw new ServiceError(
      413,
      `${size}, and no side may have more than ${longestSide}; cut it or make it smaller first`,
    );
}
