/** Of a score, as a part of it: it has no more digits, being FP32. */
export const scoreResolution = 2 ** -23;
