import type { Picture } from '../../ports/picture.ts';
import type { PictureSettings } from '../../ports/picture-settings.ts';
import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { resizePicture } from './resize-picture.ts';

/** What makes a model's input, whose shape is without the batch, of a picture. Throws ServiceError 400 where the input takes no picture, or the settings leave open how. */
export function pictureTensor(input: TensorSpec, settings: PictureSettings): (picture: Picture) => Promise<Tensor> {
  const { name, datatype, shape } = input;
  const { isLast, channels } = channelsOf(input, settings);
  if (datatype !== 'UINT8' && datatype !== 'FP32') {
    throw new ServiceError(400, `input '${name}': a picture fills UINT8 or FP32, and it takes ${datatype}`);
  }
  const { scale, mean = [], std = [] } = settings;
  if (datatype === 'FP32' && scale === undefined) {
    throw new ServiceError(
      400,
      `input '${name}' is FP32, and nothing says the scale of its values: "scale": 0.00392156862745098 makes them 0 to 1, "scale": 1 leaves them 0 to 255`,
    );
  }
  if (datatype === 'UINT8' && (scale !== undefined || mean.length > 0 || std.length > 0)) {
    throw new ServiceError(
      400,
      `input '${name}' is UINT8, which takes the values 0 to 255 as they are: leave out scale, mean and std`,
    );
  }
  const [height = -1, width = -1] = isLast ? shape : shape.slice(1);
  return async (picture) => {
    const sized = await resizePicture(picture, width < 0 ? picture.width : width, height < 0 ? picture.height : height);
    const colored = channels === 1 ? grey(sized) : sized;
    const size = [colored.height, colored.width];
    const known = isLast ? [...size, channels] : [channels, ...size];
    if (datatype === 'UINT8')
      return { datatype, shape: known, data: ordered(colored, isLast, new Uint8Array(colored.pixels.length)) };
    const of = (values: readonly number[], other: number) =>
      Array.from({ length: channels }, (_, channel) => values[channel % values.length] ?? other);
    const data = allocateBytes(colored.pixels.length * 4);
    const floats = new Float32Array(data.buffer, data.byteOffset, colored.pixels.length);
    const offsets = of(mean, 0);
    const divisors = of(std, 1);
    ordered(colored, isLast, floats, (value, channel) => {
      return (value * (scale as number) - (offsets[channel] as number)) / (divisors[channel] as number);
    });
    return { datatype, shape: known, data };
  };
}

function channelsOf({ name, shape }: TensorSpec, { layout }: PictureSettings): { isLast: boolean; channels: 1 | 3 } {
  const isColor = (size: number | undefined) => size === 1 || size === 3;
  const isLast = layout ? layout === 'HWC' : isColor(shape[2]);
  const channels = isLast ? shape[2] : shape[0];
  if (shape.length === 3 && isColor(channels)) return { isLast, channels: channels as 1 | 3 };
  throw new ServiceError(
    400,
    `input '${name}': a picture fills [height, width, 3] or [3, height, width], or 1 in place of 3 for grey, and it takes [${shape}]`,
  );
}

/** Puts the values of a picture into `out`, pixel by pixel or channel by channel. */
function ordered<T extends Uint8Array | Float32Array>(
  { width, height, channels, pixels }: Picture,
  isLast: boolean,
  out: T,
  convert?: (value: number, channel: number) => number,
): T {
  const plane = width * height;
  for (let pixel = 0; pixel < plane; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      const value = pixels[pixel * channels + channel] as number;
      const to = isLast ? pixel * channels + channel : channel * plane + pixel;
      out[to] = convert ? convert(value, channel) : value;
    }
  }
  return out;
}

/** Luma as Pillow's `convert('L')` has it. Source: ITU-R BT.601, in steps of 2^-16. */
function grey({ width, height, pixels }: Picture): Picture {
  const values = new Uint8Array(width * height);
  for (let at = 0; at < values.length; at += 1) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at * 3, at * 3 + 3);
    values[at] = (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16;
  }
  return { width, height, channels: 1, pixels: values };
}
