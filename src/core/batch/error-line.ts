import type { InputRecord } from '../../ports/record-format.ts';

/**
 * The line that says why a record has no answer: its number, the bytes before it, the reason, and the record itself.
 */
export function errorLine(record: InputRecord, reason: string): Uint8Array {
  const { number, offset } = record;
  const head = JSON.stringify({ record: number, offset, error: reason });
  return new TextEncoder().encode(`${head.slice(0, -1)},"input":${record.toJson()}}\n`);
}
