import { joinBytes } from '../../protocol/join-bytes.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, FixedTensor>;

/** What the head of a file of tensors has of each, in the order of their elements. */
export type TensorEntry = readonly [
  name: string,
  datatype: FixedTensor['datatype'],
  shape: readonly number[],
  bytes: number,
];

/**
 * The bytes of some groups of tensors, and of what else there is to say: the length of the head, the head in JSON, and
 * elements in a row.
 */
export function encodeTensors(head: object, groups: Readonly<Record<string, Tensors>>): Uint8Array {
  const entries = (tensors: Tensors): TensorEntry[] =>
    Array.from(tensors, ([name, { datatype, shape, data }]) => [name, datatype, shape, data.length]);
  const tensors = Object.fromEntries(Object.entries(groups).map(([name, group]) => [name, entries(group)]));
  const text = new TextEncoder().encode(JSON.stringify({ ...head, tensors }));
  const length = new Uint8Array(Uint32Array.BYTES_PER_ELEMENT);
  new DataView(length.buffer).setUint32(0, text.length, true);
  const data = Object.values(groups).flatMap((group) => Array.from(group.values(), (tensor) => tensor.data));
  return joinBytes([length, text, ...data]);
}
