/**
 * Whether an axis of a picture's tensor has as many elements as there are channels: of grey, or of red, green and blue.
 */
export function isColor(size: number | undefined): size is number {
  return size === 1 || size === 3;
}
