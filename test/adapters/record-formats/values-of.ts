import type { Tensor } from '../../../src/protocol/tensor.ts';

/** The elements of a tensor as JavaScript's values; texts for BYTES. */
export function valuesOf({ datatype, data }: Tensor): readonly unknown[] {
  if (datatype === 'BYTES') return data.map((text) => new TextDecoder().decode(text));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const read: Partial<Record<typeof datatype, (at: number) => unknown>> = {
    FP32: (at) => view.getFloat32(at, true),
    FP64: (at) => view.getFloat64(at, true),
    INT64: (at) => view.getBigInt64(at, true),
    UINT64: (at) => view.getBigUint64(at, true),
    INT32: (at) => view.getInt32(at, true),
    UINT8: (at) => view.getUint8(at),
    BOOL: (at) => view.getUint8(at) === 1,
  };
  const size = { FP32: 4, FP64: 8, INT64: 8, UINT64: 8, INT32: 4 }[datatype as string] ?? 1;
  return Array.from({ length: data.length / size }, (_, index) => read[datatype]?.(index * size));
}
