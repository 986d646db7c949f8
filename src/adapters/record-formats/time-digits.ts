import type { SchemaElement } from 'hyparquet';

const ofUnit = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;

/**
 * How many digits after the point a column of Parquet counts moments by: 3, 6 or 9; undefined where it has no moments.
 */
export function timeDigits({ type, converted_type, logical_type }: SchemaElement): number | undefined {
  if (type !== 'INT64') return undefined;
  if (logical_type?.type === 'TIMESTAMP') return ofUnit[logical_type.unit];
  if (converted_type === 'TIMESTAMP_MILLIS') return ofUnit.MILLIS;
  return converted_type === 'TIMESTAMP_MICROS' ? ofUnit.MICROS : undefined;
}
