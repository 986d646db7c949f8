import { dataTypes } from '../data-types.ts';
import { makeTensor } from '../make-tensor.ts';
import type { Names } from '../names.ts';
import type { OnnxTensor } from '../onnx-model.ts';
import { roundToEven } from './round-to-even.ts';
import { symmetricScale } from './symmetric-scale.ts';

const most = 255;

/** What an activation lies in; what lies outside is cut off. */
export interface ActivationRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Scale and zero point of UINT8 for the activation `name`. Source: onnxruntime/quantization/quant_utils.py,
 * compute_scale_zp.
 */
export function activationParameters(
  name: string,
  { min, max }: ActivationRange,
  names: Names,
): readonly [scale: OnnxTensor, zeroPoint: OnnxTensor] {
  const least = Math.min(Math.fround(min), 0);
  const exact = (Math.max(Math.fround(max), 0) - least) / most;
  const scale = symmetricScale(exact, 1);
  const zeroPoint = scale === 1 && exact < 1 ? 0 : Math.min(most, Math.max(0, roundToEven(-least / exact)));
  return [
    makeTensor(names.fresh(`${name}_scale`), dataTypes.FLOAT, [], new Uint8Array(Float32Array.of(scale).buffer)),
    makeTensor(names.fresh(`${name}_zero_point`), dataTypes.UINT8, [], Uint8Array.of(zeroPoint)),
  ];
}
