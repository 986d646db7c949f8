import type { StoredAnswer } from '../ports/stored-answer.ts';
import type { FixedDatatype } from '../protocol/datatype.ts';
import { elementBytes } from '../protocol/element-bytes.ts';
import type { Tensor } from '../protocol/tensor.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import { seededRandom } from './seeded-random.ts';
import { zeroTensor } from './zero-tensor.ts';

type Put = (view: DataView, offset: number, random: number) => void;

const bit = (random: number) => (random < 0.5 ? 0 : 1);

// Whole numbers may be places in a table, or a mask: 0 and 1 are legal nearly everywhere. Bytes are mostly pixels.
const puts: Readonly<Record<FixedDatatype, Put>> = {
  BOOL: (view, offset, random) => view.setUint8(offset, bit(random)),
  UINT8: (view, offset, random) => view.setUint8(offset, random * 256),
  UINT16: (view, offset, random) => view.setUint16(offset, bit(random), true),
  UINT32: (view, offset, random) => view.setUint32(offset, bit(random), true),
  UINT64: (view, offset, random) => view.setUint32(offset, bit(random), true),
  INT8: (view, offset, random) => view.setInt8(offset, bit(random)),
  INT16: (view, offset, random) => view.setInt16(offset, bit(random), true),
  INT32: (view, offset, random) => view.setInt32(offset, bit(random), true),
  INT64: (view, offset, random) => view.setUint32(offset, bit(random), true),
  // From 0.5 up to 1: the exponent is fixed, the fraction is what varies.
  FP16: (view, offset, random) => view.setUint16(offset, 0x3800 | (random * 0x400), true),
  BF16: (view, offset, random) => view.setUint16(offset, 0x3f00 | (random * 0x80), true),
  FP32: (view, offset, random) => view.setFloat32(offset, 2 * random - 1, true),
  FP64: (view, offset, random) => view.setFloat64(offset, 2 * random - 1, true),
};

/**
 * Inputs of the given shapes, by the order of `specs`: the same ones each time, so that an answer to them can be
 * compared with a stored one.
 */
export function trialInputs(
  specs: readonly TensorSpec[],
  shapes: readonly (readonly number[])[],
  values: StoredAnswer['values'],
): readonly Tensor[] {
  const random = seededRandom();
  return specs.map((spec, index) => {
    const tensor = zeroTensor(spec, shapes[index]);
    if (values === 'zeros') return tensor;
    if (tensor.datatype === 'BYTES') {
      const texts = Array.from(tensor.data, () => new Uint8Array([97 + random() * 26, 97 + random() * 26]));
      return { ...tensor, data: texts };
    }
    const put = puts[tensor.datatype];
    const { data } = tensor;
    const view = new DataView(data.buffer, data.byteOffset, data.length);
    const step = elementBytes[tensor.datatype];
    for (let offset = 0; offset < data.length; offset += step) put(view, offset, random());
    return tensor;
  });
}
