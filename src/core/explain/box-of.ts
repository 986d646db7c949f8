import type { Placement } from '../pictures/placement.ts';
import type { Region } from './grid-over.ts';

/** Where a region lies in the picture as it was sent, in its pixels, by the fields that objects have. */
export function boxOf(region: Region, { left, top, across, down }: Placement) {
  return {
    xmin: Math.round((region.left - left) / across),
    ymin: Math.round((region.top - top) / down),
    xmax: Math.round((region.right - left) / across),
    ymax: Math.round((region.bottom - top) / down),
  };
}
