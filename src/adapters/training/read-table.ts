import { BadRows } from '../../core/training/bad-rows.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { digestBytes } from '../digest-bytes.ts';
import type { DataRows } from './data-rows.ts';
import { readRecords } from './read-records.ts';
import { tableInput } from './table-input.ts';
import { toldOfValue } from './told-of-value.ts';

export interface TableToRead {
  readonly uri: string;
  readonly target: string;
  /** @default all but the target, and what only looks like a column */
  readonly columns?: readonly string[] | undefined;
  readonly scratch: string;
  /** Whether a row may be of no class, which has to be written. @default false */
  readonly mayHaveNone?: boolean | undefined;
}

/** A table whose columns are numbers. */
export interface Table extends DataRows {
  readonly columns: readonly string[];
  /** FP32 of [1, columns] for each row. */
  readonly inputs: readonly (readonly [FixedTensor])[];
}

/** Reads a table. Rejects with an Error that names the rows where a value is missing, or no number. */
export async function readTable({ uri, target, columns: wanted, scratch, mayHaveNone }: TableToRead): Promise<Table> {
  const { columns, values, targets, notes, sha256 } = await readRecords({
    uri,
    target,
    columns: wanted,
    scratch,
    mayHaveNone,
    inputOf: (fields) => ({ name: tableInput, datatype: 'FP32', shape: [fields.length], fields }),
  });
  const bad = new BadRows(uri);
  const inputs = values.map((value, row): readonly [FixedTensor] => {
    const { data } = value as FixedTensor;
    const numbers = new Float32Array(data.buffer, data.byteOffset, columns.length);
    const strange = numbers.findIndex((number) => !Number.isFinite(number));
    if (strange >= 0) {
      const fault = { field: columns[strange] as string, kind: 'number', got: String(numbers[strange]) } as const;
      bad.add(row, toldOfValue(fault, false).what);
    }
    return [{ datatype: 'FP32', shape: [1, columns.length], data }];
  });
  bad.throwIfAny();
  return {
    label: uri,
    columns,
    inputs,
    targets,
    notes,
    keys: inputs.map(([{ data }]) => digestBytes([data])),
    sha256,
    tensorsOf: async (row) => inputs[row] as readonly [FixedTensor],
  };
}
