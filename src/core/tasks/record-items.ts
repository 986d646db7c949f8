import { fromBase64 } from '../../protocol/from-base64.ts';
import type { InputTensor } from '../../protocol/inference.ts';
import { rowOf } from '../../protocol/row-of.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { readNumbers } from '../read-numbers.ts';
import type { AskedItems } from './asked-items.ts';
import { comparesSentences, readComparisons } from './read-comparisons.ts';
import { readItem } from './read-item.ts';
import type { Task } from './task.ts';

/** How the records of a batch job are items of a task. */
export interface RecordItems {
  /** What a record has for it, a row of each. */
  readonly inputs: readonly TensorSpec[];
  /** The items of rows that ran together. Throws ServiceError 400 for a row that is none. */
  read(inputs: readonly InputTensor[]): AskedItems;
}

const decoder = new TextDecoder();

/**
 * A record's field `text` or `file`, the columns that the task takes, or the sentences that it compares, as an item.
 *
 * @param isBase64 whether files are in base64, as they are in records of text
 */
export function recordItems(task: Task, isBase64: boolean): RecordItems {
  const { takes, columns = [] } = task.preprocess;
  if (comparesSentences(task)) {
    return {
      inputs: [
        { name: 'source_sentence', datatype: 'BYTES', shape: [-1] },
        { name: 'sentences', datatype: 'BYTES', shape: [-1, -1] },
      ],
      read: (inputs) => {
        if (inputs.some(({ name, data }) => name === 'sentences' && data.length === 0))
          throw new ServiceError(400, "field 'sentences': expected a sentence or more, got none");
        return readComparisons(columnsOf(inputs), false);
      },
    };
  }
  if (takes === 'features') {
    return {
      inputs: columns.map(({ name, datatype, shape }) => ({ name, datatype, shape: [-1, ...shape] })),
      read: (inputs) => ({ items: columnsOf(inputs) }),
    };
  }
  return {
    inputs: [{ name: takes, datatype: 'BYTES', shape: [-1] }],
    read: ([input]) => ({
      items: ((input?.data ?? []) as readonly Uint8Array[]).map((element) =>
        readItem(isBase64 && takes === 'file' ? decoded(element) : element, takes, false),
      ),
    }),
  };
}

/** Rows as objects, by the names of what fills them. */
function columnsOf(inputs: readonly InputTensor[]): readonly Readonly<Record<string, unknown>>[] {
  const rows = inputs[0]?.shape[0] ?? 0;
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(inputs.map((input) => [input.name, columnValue(input, row)])),
  );
}

function decoded(element: Uint8Array): Uint8Array {
  const bytes = fromBase64(decoder.decode(element));
  if (bytes) return bytes;
  throw new ServiceError(400, "field 'file': expected a file in base64; a manifest makes records of files themselves");
}

/**
 * A row's value of a column: a text, a number, or a list of numbers. Throws ServiceError 400 for a number that
 * JavaScript does not hold.
 */
function columnValue(input: InputTensor, row: number): unknown {
  const tensor = rowOf(input, row);
  if (tensor.datatype === 'BYTES')
    return single(
      tensor.data.map((element) => decoder.decode(element)),
      tensor.shape,
    );
  const numbers = Array.from(readNumbers(input.name, tensor as FixedTensor), (value) => numberOf(input.name, value));
  return single(tensor.datatype === 'BOOL' ? numbers.map((value) => value === 1) : numbers, tensor.shape);
}

function numberOf(name: string, value: number | bigint): number {
  const number = Number(value);
  if (typeof value === 'number' || Number.isSafeInteger(number)) return number;
  throw new ServiceError(400, `column '${name}': expected a number of at most 2^53 - 1, got ${value}`);
}

function single(values: readonly unknown[], shape: readonly number[]): unknown {
  return shape.length === 0 ? values[0] : values;
}
