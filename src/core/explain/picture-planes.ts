import type { InputTensor } from '../../protocol/inference.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { isColor } from '../pictures/is-color.ts';
import type { ItemInputs } from '../tasks/flow.ts';

/** Where the values of a picture lie in the tensor that was made of it, and where the picture lies in that. */
export interface PicturePlanes {
  readonly tensor: FixedTensor & { readonly name: string };
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** The place of a value. */
  at(channel: number, x: number, y: number): number;
  /** The part of it that the picture fills; around that is padding. */
  readonly inner: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
}

/** The picture among an item's inputs; undefined where there is none. */
export function picturePlanes({ tensors, placement }: ItemInputs): PicturePlanes | undefined {
  const tensor = tensors.find(isPicture);
  if (!tensor || !placement) return undefined;
  const isLast = !isColor(tensor.shape[1]) && isColor(tensor.shape[3]);
  const [channels = 1, height = 1, width = 1] = isLast
    ? [tensor.shape[3], tensor.shape[1], tensor.shape[2]]
    : tensor.shape.slice(1);
  const { left, top, picture, across, down } = placement;
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  return {
    tensor,
    width,
    height,
    channels,
    at: isLast
      ? (channel, x, y) => (y * width + x) * channels + channel
      : (channel, x, y) => (channel * height + y) * width + x,
    inner: {
      left: within(left, width),
      top: within(top, height),
      right: within(left + picture.width * across, width),
      bottom: within(top + picture.height * down, height),
    },
  };
}

function isPicture(tensor: InputTensor): tensor is FixedTensor & { readonly name: string } {
  return tensor.datatype !== 'BYTES' && tensor.shape.length === 4;
}
