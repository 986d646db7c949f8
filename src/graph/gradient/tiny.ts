/** The least normal number of FP32: what is divided by is no less. */
export const tiny = 2 ** -126;
