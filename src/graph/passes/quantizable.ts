import type { OnnxModel } from '../onnx-model.ts';
import { computeInFloat } from './compute-in-float.ts';
import { fixWeights } from './fix-weights.ts';
import { multiplyPlainly } from './multiply-plainly.ts';

/**
 * The model in the form that quantizers take, with the answers that it had but for rounding: FLOAT in place of FLOAT16,
 * MatMul in place of Gemm, and weights that nobody replaces. The same one where it has that form.
 */
export function quantizable(model: OnnxModel): OnnxModel {
  return multiplyPlainly(computeInFloat(fixWeights(model)));
}
