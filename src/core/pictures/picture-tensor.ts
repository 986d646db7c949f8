import type { Picture } from '../../ports/picture.ts';
import type { PictureSettings, PictureSize } from '../../ports/picture-settings.ts';
import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { fitPicture } from './fit-picture.ts';
import { greyPicture } from './grey-picture.ts';
import type { Placement } from './placement.ts';

/** A tensor that holds a picture, and where in it. */
interface FilledTensor {
  readonly tensor: Tensor;
  readonly placement: Placement;
}

/** What makes tensors of pictures. */
export interface PictureTensor {
  /** That of all its tensors; undefined where it depends on the picture. */
  readonly shape: readonly number[] | undefined;
  readonly of: (picture: Picture) => Promise<FilledTensor>;
}

/**
 * What makes a model's input, whose shape is without the batch, of a picture. Throws ServiceError 400 where the input
 * takes no picture, or the settings leave open how; `place` says where they belong.
 */
export function pictureTensor(input: TensorSpec, settings: PictureSettings, place: string): PictureTensor {
  const { datatype, shape } = input;
  const { isLast, channels } = channelsOf(input, settings);
  checkValues(input, settings, place);
  const size = sizeOf(isLast ? shape : shape.slice(1), settings.size);
  const convert = datatype === 'FP32' ? floatOf(settings) : undefined;
  const shapeOf = ({ width, height }: PictureSize) => (isLast ? [height, width, channels] : [channels, height, width]);
  const of: PictureTensor['of'] = async (sent) => {
    const { picture: fitted, placement } = await fitPicture(sent, size, settings);
    const picture = channels === 1 ? greyPicture(fitted) : fitted;
    const known = shapeOf(picture);
    const form = { isLast, isReversed: settings.order === 'BGR' };
    const count = picture.pixels.length;
    if (!convert)
      return {
        tensor: { datatype: 'UINT8', shape: known, data: ordered(picture, form, new Uint8Array(count)) },
        placement,
      };
    const data = allocateBytes(count * 4);
    ordered(picture, form, new Float32Array(data.buffer, data.byteOffset, count), convert);
    return { tensor: { datatype: 'FP32', shape: known, data }, placement };
  };
  const { width, height } = size;
  return { shape: width !== undefined && height !== undefined ? shapeOf({ width, height }) : undefined, of };
}

function checkValues(
  { name, datatype }: TensorSpec,
  { scale, mean = [], std = [] }: PictureSettings,
  place: string,
): void {
  if (datatype !== 'UINT8' && datatype !== 'FP32') {
    throw new ServiceError(400, `input '${name}': a picture fills UINT8 or FP32, and it takes ${datatype}`);
  }
  if (datatype === 'FP32' && scale === undefined) {
    throw new ServiceError(
      400,
      `input '${name}' is FP32, and nothing says the scale of its values: 0.00392156862745098 makes them 0 to 1, 1 leaves them 0 to 255; say it in ${place}`,
    );
  }
  if (datatype === 'UINT8' && (scale !== undefined || mean.length > 0 || std.length > 0)) {
    throw new ServiceError(
      400,
      `input '${name}' is UINT8, which takes the values 0 to 255 as they are: leave out scale, mean and std`,
    );
  }
}

function channelsOf({ name, shape }: TensorSpec, { layout }: PictureSettings): { isLast: boolean; channels: 1 | 3 } {
  const isColor = (size: number | undefined) => size === 1 || size === 3;
  const isLast = layout ? layout === 'HWC' : isColor(shape[2]);
  const channels = isLast ? shape[2] : shape[0];
  // A free number of channels, as many exported models have it, is that of colour.
  if (shape.length === 3 && (isColor(channels) || (channels === -1 && layout !== undefined)))
    return { isLast, channels: channels === 1 ? 1 : 3 };
  throw new ServiceError(
    400,
    `input '${name}': a picture fills [height, width, 3] or [3, height, width], or 1 in place of 3 for grey, and it takes [${shape}]`,
  );
}

/** The tensor's size: what the input leaves open is as the settings say, if they do. */
function sizeOf([height = -1, width = -1]: readonly number[], size: PictureSize | undefined): Partial<PictureSize> {
  const found = { width: width < 0 ? size?.width : width, height: height < 0 ? size?.height : height };
  return found as Partial<PictureSize>;
}

function floatOf({ scale = 1, mean = [], std = [] }: PictureSettings): (value: number, channel: number) => number {
  const of = (values: readonly number[], channel: number, other: number) => values[channel % values.length] ?? other;
  const channels = [0, 1, 2].map((channel) => ({ offset: of(mean, channel, 0), divisor: of(std, channel, 1) }));
  // Each value is one of 256: what becomes of it is worked out once.
  const tables = channels.map(({ offset, divisor }) =>
    Float64Array.from({ length: 256 }, (_, value) => (value * scale - offset) / divisor),
  );
  return (value, channel) => tables[channel]?.[value] as number;
}

/** Puts the values of a picture into `out`, pixel by pixel or channel by channel. */
function ordered<T extends Uint8Array | Float32Array>(
  { width, height, channels, pixels }: Picture,
  { isLast, isReversed }: { readonly isLast: boolean; readonly isReversed: boolean },
  out: T,
  convert?: (value: number, channel: number) => number,
): T {
  const plane = width * height;
  for (let channel = 0; channel < channels; channel += 1) {
    let from = isReversed ? channels - 1 - channel : channel;
    let to = isLast ? channel : channel * plane;
    const step = isLast ? channels : 1;
    for (let pixel = 0; pixel < plane; pixel += 1, from += channels, to += step) {
      const value = pixels[from] as number;
      out[to] = convert ? convert(value, channel) : value;
    }
  }
  return out;
}
