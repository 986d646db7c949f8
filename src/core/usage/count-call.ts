import type { AnsweredCall } from '../../ports/answered-call.ts';
import type { UsageRow } from './usage-row.ts';
import type { UsageTable } from './usage-table.ts';

/** What a call adds to what costs. */
export type CountedCall = Pick<UsageRow, 'requests' | 'failed' | 'gbSeconds'>;

/**
 * Counts a call: one that a model answered, or failed to, in the row of that model, any other that failed in a row of
 * its caller. What neither ran a model nor failed is not counted: what there is, and whether it is ready, costs next to
 * nothing.
 *
 * @param gigabytes memory that the call had to itself, from which GB-seconds follow
 * @returns what was counted of what costs; undefined where nothing was
 */
export function countCall(table: UsageTable, call: AnsweredCall, gigabytes: number): CountedCall | undefined {
  const { caller = '', served, chosen, error, body, answerBytes } = call;
  if (!served && error === undefined) return undefined;
  const { model = '', version = '' } = served ?? chosen ?? {};
  const row = table.row(caller, model, version);
  // A stream may have failed after the model had begun to answer.
  const requests = served ? 1 : 0;
  const failed = error === undefined ? 0 : 1;
  row.requests += requests;
  row.failed += failed;
  const ms = served ? Math.max(0, call.ms - call.waitedMs) : 0;
  row.items += served?.items ?? 0;
  row.inputTokens += served?.tokens?.input ?? 0;
  row.outputTokens += served?.tokens?.output ?? 0;
  row.bytesIn += body.length;
  row.bytesOut += answerBytes;
  row.ms += ms;
  const gbSeconds = (ms / 1000) * gigabytes;
  row.gbSeconds += gbSeconds;
  return { requests, failed, gbSeconds };
}
