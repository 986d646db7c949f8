/** The smallest normal number of single precision: a scale below it becomes 1, as in onnxruntime.quantization. */
const leastScale = 2 ** -126;

/**
 * The scale for which the number `most` stands for `greatest`. Source: onnxruntime/quantization/quant_utils.py,
 * compute_scale_zp.
 */
export function symmetricScale(greatest: number, most: number): number {
  const scale = greatest / most;
  return scale < leastScale ? 1 : Math.fround(scale);
}
