import { countElements } from './count-elements.ts';
import { joinBytes } from './join-bytes.ts';
import type { RecordInput } from './record-input.ts';
import { ServiceError } from './service-error.ts';
import type { Tensor } from './tensor.ts';

/** Puts scalars together to a tensor of the input's shape. Throws 400 where the shape takes another number of them. */
export function joinElements({ name, datatype, shape }: RecordInput, parts: readonly Tensor[]): Tensor {
  const known = shape.length === 1 && shape[0] === -1 ? [parts.length] : shape;
  if (countElements(known) !== parts.length) {
    throw new ServiceError(
      400,
      `input '${name}': expected fields for each element of the shape [${shape}], got ${parts.length}`,
    );
  }
  if (datatype === 'BYTES') return { datatype, shape: known, data: parts.flatMap(({ data }) => data as Uint8Array[]) };
  return { datatype, shape: known, data: joinBytes(parts.map(({ data }) => data as Uint8Array)) };
}
