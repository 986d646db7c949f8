import type { SchemaElement, SchemaTree } from 'hyparquet';
import { parquetColumn } from './parquet-column.ts';
import type { PartColumn } from './part-column.ts';

/** The column of a part that keeps the input's, with its type; one that is no plain value as JSON. `index`: its place among those kept. */
export function keptColumn({ element, ...node }: SchemaTree, index: number): PartColumn {
  const { name } = element;
  const { kind, depth } = parquetColumn({ element, ...node });
  const isPlain = depth === 0 && kind !== 'other';
  const type: Omit<SchemaElement, 'name'> = isPlain
    ? {
        type: element.type ?? 'BYTE_ARRAY',
        ...(kind === 'bytes' && { converted_type: 'UTF8' }),
        ...(kind === 'integer' && element.converted_type && { converted_type: element.converted_type }),
      }
    : { type: 'BYTE_ARRAY', converted_type: 'JSON' };
  const read = isPlain && element.type === 'INT64' ? BigInt : (json: string) => plain(JSON.parse(json), kind);
  return {
    schema: [{ name, repetition_type: 'OPTIONAL', ...type }],
    take: ({ kept }) => {
      const json = kept[index];
      return json === undefined || json === 'null' ? null : read(json);
    },
  };
}

/** NaN and infinities are strings in JSON. */
function plain(value: unknown, kind: string): unknown {
  return kind === 'float' ? Number(value) : value;
}
