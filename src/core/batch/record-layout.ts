import type { RecordInput } from '../../protocol/record-input.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { expandFields } from './expand-fields.ts';
import { hasBatchDimension } from './has-batch-dimension.ts';

/**
 * Fields of records by the model's inputs that they fill; an input that is not named takes the field of its own name.
 */
export type FieldMapping = Readonly<Record<string, string | readonly string[]>>;

/**
 * How records fill a model's inputs. Throws ServiceError 400 for a mapping of an input that there is not, or an input
 * of unknown rank.
 */
export function recordLayout(specs: readonly TensorSpec[], mapping: FieldMapping): readonly RecordInput[] {
  const unknown = Object.keys(mapping).find((name) => !specs.some((spec) => spec.name === name));
  if (unknown !== undefined) {
    const known = specs.map(({ name }) => `'${name}'`).join(', ');
    throw new ServiceError(400, `the mapping names the input '${unknown}'; the model's inputs are ${known}`);
  }
  return specs.map(({ name, datatype, shape, anyRank }) => {
    if (anyRank) {
      throw new ServiceError(
        400,
        `input '${name}': the model says nothing of its dimensions, so records cannot fill it`,
      );
    }
    const fields = [mapping[name] ?? name].flat().flatMap(expandFields);
    if (fields.length === 0) throw new ServiceError(400, `the mapping names no field for the input '${name}'`);
    return { name, datatype, shape: hasBatchDimension(shape) ? shape.slice(1) : shape, fields };
  });
}
