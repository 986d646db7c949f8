/** What charts of weights have in common, in pixels. */
export const chartLayout = {
  width: 740,
  /** Under the words, where marks begin. */
  top: 74,
  fontSize: 12,
} as const;
