import type { ByteWriter } from './byte-writer.ts';
import { encodeElements } from './encode-elements.ts';
import type { InputTensor, OutputReference, OutputTensor } from './inference.ts';
import { packTensor } from './pack-tensor.ts';

/**
 * Writes tensors as a JSON array; what `isBinary` names goes to `binary` instead of into the JSON, and what lies
 * elsewhere is not written.
 */
export function encodeTensors(
  writer: ByteWriter,
  tensors: readonly (InputTensor | OutputTensor | OutputReference)[],
  isBinary: (name: string) => boolean,
  binary: Uint8Array[],
): void {
  writer.text('[');
  for (let index = 0; index < tensors.length; index += 1) {
    const tensor = tensors[index] as InputTensor | OutputTensor | OutputReference;
    if (index > 0) writer.text(',');
    writer.text('{"name":');
    writer.quoted(tensor.name);
    writer.text(',"datatype":');
    writer.quoted(tensor.datatype);
    writer.text(',"shape":[');
    encodeShape(writer, tensor.shape);
    const parameters = 'parameters' in tensor ? tensor.parameters : undefined;
    if (tensor.data === undefined) writer.text(`],"parameters":${JSON.stringify(parameters)}}`);
    else if (isBinary(tensor.name)) {
      const packed = packTensor(tensor);
      binary.push(packed);
      writer.text('],"parameters":');
      if (parameters === undefined) {
        writer.text('{"binary_data_size":');
        writer.whole(packed.length);
        writer.text('}');
      } else writer.text(JSON.stringify({ ...parameters, binary_data_size: packed.length }));
      writer.text('}');
    } else {
      writer.text(parameters === undefined ? ']' : `],"parameters":${JSON.stringify(parameters)}`);
      writer.text(',"data":');
      encodeElements(writer, tensor.name, tensor);
      writer.text('}');
    }
  }
  writer.text(']');
}

function encodeShape(writer: ByteWriter, shape: readonly number[]): void {
  for (let index = 0; index < shape.length; index += 1) {
    if (index > 0) writer.text(',');
    writer.whole(shape[index] as number);
  }
}
