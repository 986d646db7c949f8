import type { Parameters } from './inference.ts';
import { packTensor } from './pack-tensor.ts';
import type { Tensor } from './tensor.ts';
import { writeElements } from './write-elements.ts';

type NamedTensor = Tensor & { readonly name: string; readonly parameters?: Parameters };

/** Tensors as the text of a JSON array; what `isBinary` names goes to `binary` instead of into the text. */
export function writeTensors(
  tensors: readonly NamedTensor[],
  isBinary: (name: string) => boolean,
  binary: Uint8Array[],
): string {
  const written = tensors.map((tensor) => {
    const { name, datatype, shape, parameters } = tensor;
    const start = `{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape}]`;
    if (!isBinary(name)) {
      return `${start}${parameters ? `,"parameters":${JSON.stringify(parameters)}` : ''},"data":${writeElements(name, tensor)}}`;
    }
    const packed = packTensor(tensor);
    binary.push(packed);
    return `${start},"parameters":${JSON.stringify({ ...parameters, binary_data_size: packed.length })}}`;
  });
  return `[${written.join(',')}]`;
}
