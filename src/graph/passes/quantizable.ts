import type { OnnxModel } from '../onnx-model.ts';
import { computeInFloat } from './compute-in-float.ts';
import { multiplyPlainly } from './multiply-plainly.ts';

/** The model in the form that quantizers take, with the answers that it had but for rounding: FLOAT in place of FLOAT16, and MatMul in place of Gemm. The same one where it has that form. */
export function quantizable(model: OnnxModel): OnnxModel {
  return multiplyPlainly(computeInFloat(model));
}
