import type { Picture } from '../../ports/picture.ts';
import type { Placement } from './placement.ts';
import { windowOf } from './window-of.ts';

/** Of a picture that a model made of another what was made of that itself, without what stood around it in the input. */
export function cutBack(made: Picture, placement: Placement | undefined): Picture {
  if (!placement) return made;
  const { picture, tensor, across, down, left, top } = placement;
  const columns = stretch(left, picture.width * across, tensor.width, made.width);
  const rows = stretch(top, picture.height * down, tensor.height, made.height);
  if (columns.length === made.width && rows.length === made.height) return made;
  const size = { width: columns.length, height: rows.length };
  return windowOf(made, size, { left: -columns.start, top: -rows.start }, 0);
}

/** Where along a side of what was made lies what began at `from` in the input, and was so long. */
function stretch(from: number, length: number, input: number, made: number) {
  const scale = made / input;
  const start = Math.round(Math.max(0, from) * scale);
  return { start, length: Math.round(Math.min(input, from + length) * scale) - start };
}
