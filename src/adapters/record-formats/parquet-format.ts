import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import { FieldError, type FieldFault } from '../../protocol/field-error.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { checkKeptColumns } from './check-kept-columns.ts';
import { keptJson } from './kept-json.ts';
import { type ParquetColumn, parquetColumn, takesKind } from './parquet-column.ts';
import { ParquetFile } from './parquet-file.ts';
import { valueJson } from './value-json.ts';
import { valueTensor } from './value-tensor.ts';

const mostShown = 64 * 1024;
const recordsAtOnce = 1024;

type Row = Readonly<Record<string, unknown>>;

/** Rows of a Parquet file. Shards are of row groups, and count in rows. */
export class ParquetFormat implements RecordFormat {
  async plan(store: FileReader, file: StoredFile, shardBytes: number, fields: RecordFields): Promise<readonly Shard[]> {
    if (file.bytes === 0) return [];
    const parquet = await ParquetFile.open(store, file);
    const columns = wantedColumns(parquet, file, fields);
    const shards: Shard[] = [];
    let start = 0;
    let end = 0;
    let bytes = 0;
    for (const [group, { num_rows }] of parquet.metadata.row_groups.entries()) {
      end += Number(num_rows);
      bytes += parquet.groupBytes(group, columns);
      if (bytes < shardBytes && group < parquet.metadata.row_groups.length - 1) continue;
      if (end > start) shards.push({ index: shards.length, start, end, firstRecord: start, records: end - start });
      start = end;
      bytes = 0;
    }
    return shards;
  }

  async *read(
    store: FileReader,
    file: StoredFile,
    shard: Shard,
    fields: RecordFields,
  ): AsyncIterable<readonly InputRecord[]> {
    const parquet = await ParquetFile.open(store, file);
    const columns = wantedColumns(parquet, file, fields);
    let number = 0;
    for (const [group, { num_rows, columns: chunks }] of parquet.metadata.row_groups.entries()) {
      const first = number;
      number += Number(num_rows);
      if (first < shard.start || first >= shard.end) continue;
      const bytes = Math.ceil(parquet.groupBytes(group, columns) / Math.max(1, number - first));
      const offset = Number(chunks[0]?.meta_data?.data_page_offset ?? 0);
      let next = first;
      for await (const rows of parquet.readGroup(group, columns)) {
        for (let at = 0; at < rows.length; at += recordsAtOnce) {
          yield rows
            .slice(at, at + recordsAtOnce)
            .map((row) => recordOf(row, { number: next++, offset, bytes }, fields));
        }
      }
    }
  }
}

function recordOf(
  row: Row,
  place: Pick<InputRecord, 'number' | 'offset' | 'bytes'>,
  { inputs, kept }: RecordFields,
): InputRecord {
  return {
    ...place,
    decode: () => ({
      tensors: inputs.map((input) =>
        valueTensor(
          input,
          input.fields.map((field) => row[field]),
        ),
      ),
      kept: kept.map((name) => (Object.hasOwn(row, name) ? keptJson(name, row[name]) : undefined)),
    }),
    toJson: () => {
      const json = valueJson(row);
      return json.length <= mostShown ? json : JSON.stringify(`${json.slice(0, mostShown)}…`);
    },
  };
}

/**
 * The columns that are needed. Throws ServiceError 400 where they are not there, or hold what the model does not take.
 */
function wantedColumns(
  parquet: ParquetFile,
  file: StoredFile,
  { inputs, kept, required }: RecordFields,
): readonly string[] {
  const columns = new Map(parquet.schema.children.map((node) => [node.element.name, parquetColumn(node)]));
  for (const input of inputs) {
    for (const field of input.fields) checkColumn(file, input, field, columns);
  }
  checkKeptColumns(required, [...columns.keys()]);
  return [...columns.keys()].filter(
    (name) => kept.includes(name) || inputs.some(({ fields }) => fields.includes(name)),
  );
}

function checkColumn(
  { key }: StoredFile,
  { name, datatype, shape, fields }: RecordInput,
  field: string,
  columns: ReadonlyMap<string, ParquetColumn>,
): void {
  const column = columns.get(field);
  if (!column) {
    const known = Array.from(columns.keys(), (each) => `'${each}'`).join(', ');
    throw new ServiceError(
      400,
      `'${key}': no column '${field}' for the model's input '${name}' (${datatype}); the columns are ${known}; say which fills it: --map ${name}=<column>`,
    );
  }
  const most = fields.length > 1 ? 0 : shape.length;
  if (takesKind(datatype, column.kind) && column.depth <= most) return;
  const expected = fields.length > 1 ? 'an element' : `the shape [${shape}]`;
  throw new FieldError(
    400,
    `'${key}': column '${field}' is ${column.type}, and the model's input '${name}' takes ${datatype}, ${expected}`,
    { field, kind: column.depth > 0 && column.kind !== 'struct' ? 'list' : kinds[column.kind], got: column.type },
  );
}

const kinds: Readonly<Record<ParquetColumn['kind'], FieldFault['kind']>> = {
  boolean: 'boolean',
  integer: 'number',
  float: 'number',
  bytes: 'text',
  struct: 'object',
  other: 'other',
};
