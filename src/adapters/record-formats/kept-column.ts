import type { SchemaElement, SchemaTree } from 'hyparquet';
import { type ParquetColumn, parquetColumn } from './parquet-column.ts';
import type { PartColumn } from './part-column.ts';
import { timeDigits } from './time-digits.ts';
import { timeCount } from './time-text.ts';

const dayMs = 86_400_000;

/** A type of Parquet, and what has it of the JSON that was kept. */
interface Kept {
  readonly type: Omit<SchemaElement, 'name'>;
  readonly read: (json: string) => unknown;
}

/**
 * The column of a part that keeps the input's, with its type; one that is no plain value and no time as JSON. `index`:
 * its place among those kept.
 */
export function keptColumn(node: SchemaTree, index: number): PartColumn {
  const { element } = node;
  const column = parquetColumn(node);
  const { type, read } = timeOf(column, element) ?? plainOf(column, element) ?? asJson;
  return {
    schema: [{ name: element.name, repetition_type: 'OPTIONAL', ...type }],
    take: ({ kept }) => {
      const json = kept[index];
      return json === undefined || json === 'null' ? null : read(json);
    },
  };
}

const asJson: Kept = { type: { type: 'BYTE_ARRAY', converted_type: 'JSON' }, read: JSON.parse };

function timeOf({ depth }: ParquetColumn, element: SchemaElement): Kept | undefined {
  if (depth > 0) return undefined;
  const { type, converted_type, logical_type } = element;
  const isDate = type === 'INT32' && (converted_type === 'DATE' || logical_type?.type === 'DATE');
  if (isDate) return { type: { type, converted_type: 'DATE' }, read: (json) => Date.parse(JSON.parse(json)) / dayMs };
  const digits = timeDigits(element);
  if (digits === undefined) return undefined;
  return {
    type: { type: 'INT64', ...(converted_type && { converted_type }), ...(logical_type && { logical_type }) },
    read: (json) => timeCount(JSON.parse(json), digits),
  };
}

function plainOf({ depth, kind }: ParquetColumn, { type, converted_type }: SchemaElement): Kept | undefined {
  if (depth > 0 || kind === 'struct' || kind === 'other') return undefined;
  return {
    type: {
      type: type ?? 'BYTE_ARRAY',
      ...(kind === 'bytes' && { converted_type: 'UTF8' }),
      ...(kind === 'integer' && converted_type && { converted_type }),
    },
    read: type === 'INT64' ? BigInt : (json) => plain(JSON.parse(json), kind),
  };
}

/** NaN and infinities are strings in JSON. */
function plain(value: unknown, kind: string): unknown {
  return kind === 'float' ? Number(value) : value;
}
