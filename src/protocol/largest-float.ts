/** What a number of each is not larger than before it is rounded. */
export const largestFloat = {
  // Half a step above the largest, which still rounds down to it: IEEE 754, round to nearest.
  FP32: 3.4028235677973362e38,
  FP64: Number.MAX_VALUE,
} as const;
