import { BadRows } from '../../core/training/bad-rows.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { digestBytes } from '../digest-bytes.ts';
import type { DataRows } from './data-rows.ts';
import { noColumn } from './no-column.ts';
import { readRecords } from './read-records.ts';

export interface TableToRead {
  readonly uri: string;
  readonly target: string;
  /** @default all but the target */
  readonly columns?: readonly string[] | undefined;
  readonly scratch: string;
}

/** A table whose columns are numbers. */
export interface Table extends DataRows {
  readonly columns: readonly string[];
  /** FP32 of [1, columns] for each row. */
  readonly inputs: readonly (readonly [FixedTensor])[];
}

/** The input that a table fills. */
export const tableInput = 'features';

/** What to do about what is no number: by what readers of CSV, JSON and Parquet say of it. */
const advices: readonly (readonly [wrong: RegExp, advice: string])[] = [
  [/ is BOOLEAN,|: expected a number, got ['"]?(true|false)\b/i, 'write 1 and 0 for true and false'],
  [
    / is BYTE_ARRAY|: expected a number, got ['"]/,
    'name the columns that are numbers with --columns (texts are for a model that reads them, as train MODEL --head linear)',
  ],
];

/** Reads a table. Rejects with an Error that names the rows where a value is missing, or no number. */
export async function readTable({ uri, target, columns: wanted, scratch }: TableToRead): Promise<Table> {
  let columns: readonly string[] = [];
  const { values, targets, sha256 } = await readRecords({
    uri,
    target,
    scratch,
    adviceOn: (wrong) => advices.find(([known]) => known.test(wrong))?.[1],
    inputOf: (all) => {
      columns = wanted ?? all.filter((name) => name !== target);
      const strange = columns.find((name) => !all.includes(name));
      if (strange !== undefined) throw noColumn(uri, strange, all);
      if (columns.includes(target))
        throw new Error(
          `'${target}' is what is to be told: expected other columns to tell it by, got ${columns.join(', ')}`,
        );
      if (columns.length === 0) throw new Error(`${uri} has no column but '${target}'`);
      return { name: tableInput, datatype: 'FP32', shape: [columns.length], fields: columns };
    },
  });
  const bad = new BadRows(uri);
  const inputs = values.map((value, row): readonly [FixedTensor] => {
    const { data } = value as FixedTensor;
    const numbers = new Float32Array(data.buffer, data.byteOffset, columns.length);
    const strange = numbers.findIndex((number) => !Number.isFinite(number));
    if (strange >= 0) bad.add(row, `column '${columns[strange]}': expected a number, got ${numbers[strange]}`);
    return [{ datatype: 'FP32', shape: [1, columns.length], data }];
  });
  bad.throwIfAny();
  return {
    label: uri,
    columns,
    inputs,
    targets,
    keys: inputs.map(([{ data }]) => digestBytes([data])),
    sha256,
    tensorsOf: async (row) => inputs[row] as readonly [FixedTensor],
  };
}
