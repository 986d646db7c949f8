import type { SchemaElement } from 'hyparquet';
import { answerOf } from '../../core/batch/answer-of.ts';
import type { AnsweredRecord } from '../../ports/part-writer.ts';
import type { Datatype } from '../../protocol/datatype.ts';
import type { OutputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { PartColumn } from './part-column.ts';

interface ElementType {
  readonly schema: Omit<SchemaElement, 'name'>;
  readonly read: (view: DataView, at: number) => unknown;
  readonly bytes: number;
}

const whole = (name: string): Omit<SchemaElement, 'name'> =>
  ({ type: 'INT32', converted_type: name }) as Omit<SchemaElement, 'name'>;

const types: Readonly<Partial<Record<Datatype, ElementType>>> = {
  BOOL: { schema: { type: 'BOOLEAN' }, bytes: 1, read: (view, at) => view.getUint8(at) === 1 },
  UINT8: { schema: whole('UINT_8'), bytes: 1, read: (view, at) => view.getUint8(at) },
  UINT16: { schema: whole('UINT_16'), bytes: 2, read: (view, at) => view.getUint16(at, true) },
  // Readers that take INT32 by its sign would see others of it.
  UINT32: { schema: { type: 'INT64' }, bytes: 4, read: (view, at) => BigInt(view.getUint32(at, true)) },
  UINT64: {
    schema: { type: 'INT64', converted_type: 'UINT_64' },
    bytes: 8,
    read: (view, at) => view.getBigUint64(at, true),
  },
  INT8: { schema: whole('INT_8'), bytes: 1, read: (view, at) => view.getInt8(at) },
  INT16: { schema: whole('INT_16'), bytes: 2, read: (view, at) => view.getInt16(at, true) },
  INT32: { schema: { type: 'INT32' }, bytes: 4, read: (view, at) => view.getInt32(at, true) },
  INT64: { schema: { type: 'INT64' }, bytes: 8, read: (view, at) => view.getBigInt64(at, true) },
  FP32: { schema: { type: 'FLOAT' }, bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  FP64: { schema: { type: 'DOUBLE' }, bytes: 8, read: (view, at) => view.getFloat64(at, true) },
};

const text: Omit<SchemaElement, 'name'> = { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The column of a part for an output, at `index` among those of an answer: values, or lists in one another.
 *
 * How many dimensions it has, the first answer tells; without one, the model, of which the first dimension is the
 * batch's.
 */
export function outputColumn({ name, datatype, shape }: TensorSpec, index: number, first?: AnsweredRecord): PartColumn {
  const answer = (record: AnsweredRecord) => answerOf(record.outputs[index] as OutputTensor, record);
  const rank = first ? answer(first).shape.length : Math.max(0, shape.length - 1);
  return {
    schema: listOf(name, rank, types[datatype]?.schema ?? text),
    take: (record) => {
      const tensor = answer(record);
      if (tensor.shape.length === rank) return nested(elementsOf(name, tensor), tensor.shape);
      throw new ServiceError(
        400,
        `output '${name}' has ${tensor.shape.length} dimensions where others have ${rank}, which a Parquet column cannot carry`,
      );
    },
  };
}

/** Lists in one another, `depth` of them, as Parquet's LIST writes each. */
function listOf(name: string, depth: number, leaf: Omit<SchemaElement, 'name'>): SchemaElement[] {
  if (depth === 0) return [{ name, repetition_type: 'REQUIRED', ...leaf }];
  return [
    { name, repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...listOf('element', depth - 1, leaf),
  ];
}

function elementsOf(name: string, { datatype, data }: Tensor): readonly unknown[] {
  if (datatype === 'BYTES') return data.map((element) => decoded(name, element));
  const type = types[datatype];
  if (!type) throw new ServiceError(400, `output '${name}' is ${datatype}, which Parquet parts do not carry`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return Array.from({ length: data.length / type.bytes }, (_, at) => type.read(view, at * type.bytes));
}

function decoded(name: string, element: Uint8Array): string {
  try {
    return decoder.decode(element);
  } catch {
    throw new ServiceError(400, `output '${name}' has bytes that are no UTF-8, which a column of strings cannot carry`);
  }
}

function nested(elements: readonly unknown[], shape: readonly number[]): unknown {
  const [size, ...rest] = shape;
  if (size === undefined) return elements[0];
  if (rest.length === 0) return elements;
  const each = elements.length / Math.max(1, size);
  return Array.from({ length: size }, (_, row) => nested(elements.slice(row * each, (row + 1) * each), rest));
}
