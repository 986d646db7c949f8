import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import type { InputTensor } from '../../protocol/inference.ts';
import { joinBytes } from '../../protocol/join-bytes.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { hasBatchDimension } from './has-batch-dimension.ts';

/**
 * Puts records of equal shapes together, one a row, as a model's inputs; an input without a batch dimension takes the
 * first's.
 */
export function stackRecords(specs: readonly TensorSpec[], records: readonly DecodedRecord[]): readonly InputTensor[] {
  return specs.map((spec, index) => {
    const tensors = records.map((record) => record.tensors[index] as Tensor);
    const [first] = tensors as [Tensor];
    if (!hasBatchDimension(spec.shape)) return { ...first, name: spec.name };
    const shape = [records.length, ...first.shape];
    if (first.datatype === 'BYTES') {
      const data = tensors.flatMap((tensor) => tensor.data as readonly Uint8Array[]);
      return { name: spec.name, datatype: first.datatype, shape, data };
    }
    const data = tensors.length === 1 ? first.data : joinBytes((tensors as FixedTensor[]).map((tensor) => tensor.data));
    return { name: spec.name, datatype: first.datatype, shape, data };
  });
}
