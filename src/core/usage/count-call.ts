import type { AnsweredCall } from '../../ports/answered-call.ts';
import type { UsageTable } from './usage-table.ts';

/**
 * Counts a call: one that a model answered in the row of that model, one that failed in a row of its caller. What neither ran a
 * model nor failed is not counted: what there is, and whether it is ready, costs next to nothing.
 *
 * @param gigabytes memory that the call had to itself, from which GB-seconds follow
 */
export function countCall(table: UsageTable, call: AnsweredCall, gigabytes: number): void {
  const { caller = '', served, error, body, answerBytes } = call;
  if (!served && error === undefined) return;
  const row = table.row(caller, served?.model ?? '', served?.version ?? '');
  // A stream may have failed after the model had begun to answer.
  if (served) row.requests += 1;
  if (error !== undefined) row.failed += 1;
  const ms = served ? Math.max(0, call.ms - call.waitedMs) : 0;
  row.items += served?.items ?? 0;
  row.inputTokens += served?.tokens?.input ?? 0;
  row.outputTokens += served?.tokens?.output ?? 0;
  row.bytesIn += body.length;
  row.bytesOut += answerBytes;
  row.ms += ms;
  row.gbSeconds += (ms / 1000) * gigabytes;
}
