import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { elementWriters } from '../../protocol/element-writers.ts';
import { shownJson } from '../shown-json.ts';
import type { ItemInputs } from '../tasks/flow.ts';
import { boxOf } from './box-of.ts';
import { gridOver, type Region } from './grid-over.ts';
import { meanColor } from './mean-color.ts';
import { type PicturePlanes, picturePlanes } from './picture-planes.ts';
import type { Players } from './players.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/**
 * Regions of a picture as players, a grid over it: one that is left out has the picture's mean colour, or zeros, in the
 * model's own input. Undefined where the model takes no picture. Throws 400 for another baseline.
 */
export function regionPlayers(inputs: ItemInputs, side: number | undefined, baseline: unknown): Players | undefined {
  const planes = picturePlanes(inputs);
  const { placement } = inputs;
  if (!planes || !placement) return undefined;
  if (baseline !== undefined && baseline !== 'mean' && baseline !== 'zeros')
    throw wrongBaseline(`expected "mean" or "zeros", got ${shownJson(baseline)}`);
  const { tensor } = planes;
  const regions = gridOver(planes, side);
  const isMean = baseline !== 'zeros' && elementWriters[tensor.datatype] !== undefined;
  const nothing = isMean ? meanColor(planes) : new Uint8Array(tensor.data.length);
  return {
    count: regions.length,
    baseline: isMean ? 'the mean colour of the picture' : 'zeros',
    rows: 1,
    varies: regions.map((region) => !isCovered(tensor.data, nothing, planes, region)),
    shown: regions.map((region) => boxOf(region, placement)),
    inputs: async (present) => {
      const data = allocateBytes(tensor.data.length);
      data.set(tensor.data);
      for (const [at, region] of regions.entries()) if (present[at] !== 1) cover(data, nothing, planes, region);
      return [
        { ...inputs, tensors: inputs.tensors.map((each) => (each.name === tensor.name ? { ...tensor, data } : each)) },
      ];
    },
  };
}

/** Copies a region from one tensor's bytes to another's. */
function cover(to: Uint8Array, from: Uint8Array, planes: PicturePlanes, region: Region): void {
  for (const [start, end] of runsOf(planes, region)) to.set(from.subarray(start, end), start);
}

/** Whether a region's bytes are those of another tensor already. */
function isCovered(own: Uint8Array, other: Uint8Array, planes: PicturePlanes, region: Region): boolean {
  for (const [start, end] of runsOf(planes, region))
    for (let at = start; at < end; at += 1) if (own[at] !== other[at]) return false;
  return true;
}

/** The bytes of a region, in runs of what lies together. */
function* runsOf({ tensor, channels, at }: PicturePlanes, region: Region): Generator<readonly [number, number]> {
  const size = elementBytes[tensor.datatype];
  const isLast = channels > 1 && at(1, 0, 0) === 1;
  for (let channel = 0; channel < (isLast ? 1 : channels); channel += 1)
    for (let y = region.top; y < region.bottom; y += 1) {
      const start = at(channel, region.left, y) * size;
      const end = at(channel, region.right - 1, y) * size + size * (isLast ? channels : 1);
      yield [start, end];
    }
}
