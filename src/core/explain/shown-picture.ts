import type { Picture } from '../../ports/picture.ts';
import type { Placement } from '../pictures/placement.ts';
import { bilinear } from './bilinear.ts';
import { boxOf } from './box-of.ts';
import type { Differentiated } from './differentiated.ts';
import { drawnMap } from './drawn-map.ts';
import { gridOver } from './grid-over.ts';
import type { PicturePlanes } from './picture-planes.ts';
import { pixelWeights } from './pixel-weights.ts';
import { smallPicture } from './small-picture.ts';

/** Weights of the values of a picture's tensor, or of a map over it, as regions and as a heat map. */
export function shownPicture(
  picture: Picture,
  planes: PicturePlanes,
  placement: Placement,
  parts: number | undefined,
): Required<Pick<Differentiated, 'shown' | 'shownMap'>> {
  const small = smallPicture(picture);
  const { width, height } = picture;
  const { across, down, left, top } = placement;
  const regions = gridOver(planes, parts);
  // From parts of the picture to places of the tensor.
  const column = (x: number) => x * width * across + left;
  const row = (y: number) => y * height * down + top;
  return {
    shown: async (host, weights) => {
      const sums = sumOfChannels(planes, weights);
      const at = (x: number, y: number) => {
        const [tensorX, tensorY] = [Math.floor(column(x)), Math.floor(row(y))];
        const isIn = tensorX >= 0 && tensorX < planes.width && tensorY >= 0 && tensorY < planes.height;
        return isIn ? (sums[tensorY * planes.width + tensorX] as number) : 0;
      };
      const weighed = regions.map((region) => {
        let weight = 0;
        for (let y = region.top; y < region.bottom; y += 1)
          for (let x = region.left; x < region.right; x += 1) weight += sums[y * planes.width + x] as number;
        return { ...boxOf(region, placement), weight };
      });
      return { regions: weighed, heat_map: await drawnMap(host, small, pixelWeights(small, at)) };
    },
    shownMap: async (host, map) => {
      const weighed = regions.map((region) => {
        const x = (region.left + region.right) / 2 / planes.width;
        const y = (region.top + region.bottom) / 2 / planes.height;
        return { ...boxOf(region, placement), weight: bilinear(map, x, y) };
      });
      const at = (x: number, y: number) => bilinear(map, column(x) / planes.width, row(y) / planes.height);
      return { regions: weighed, heat_map: await drawnMap(host, small, pixelWeights(small, at)) };
    },
  };
}

function sumOfChannels({ width, height, channels, at }: PicturePlanes, weights: Float64Array): Float64Array {
  const sums = new Float64Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      for (let channel = 0; channel < channels; channel += 1)
        sums[y * width + x] = (sums[y * width + x] as number) + (weights[at(channel, x, y)] as number);
  return sums;
}
