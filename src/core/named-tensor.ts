import type { OutputTensor } from '../protocol/inference.ts';
import type { Tensor } from '../protocol/tensor.ts';

/** A tensor by a name; data that is on a device stays there. */
export function namedTensor(name: string, tensor: Tensor): OutputTensor {
  const { datatype, shape, held } = tensor;
  if (!held) return { name, datatype, shape, data: tensor.data } as OutputTensor;
  return {
    name,
    datatype,
    shape,
    held,
    get data() {
      return tensor.data;
    },
  };
}
