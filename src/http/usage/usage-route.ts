import { isAdmin } from '../../core/is-admin.ts';
import type { HostUsage } from '../../core/usage/host-usage.ts';
import { sumUsage, type UsageSum } from '../../core/usage/sum-usage.ts';
import type { Caller } from '../../ports/caller.ts';
import { jsonResponse } from '../json-response.ts';
import type { Route } from '../router.ts';
import { usageQuery } from './usage-query.ts';

/** Reads what all hosts have counted on the days from one to another, both included, as in 2026-11-29. */
export type ReadUsage = (from: string, to: string) => Promise<readonly HostUsage[]>;

/**
 * `GET /v1/usage`: what was used, by days, in the shape of OpenAI's usage API, with more counters. A caller has its own
 * alone; one who may do all that concerns the server, of everybody.
 */
export function usageRoute(read: ReadUsage, now = Date.now): Route {
  return [
    'GET',
    '/v1/usage',
    'any',
    async ({ query, caller }) => {
      const { days, groupBy } = usageQuery(query, now());
      const usages = ownOf(caller, await read(days[0] as string, days.at(-1) as string));
      const data = days.map((day) => {
        const start = Date.parse(`${day}T00:00:00Z`) / 1000;
        const sums = sumUsage(
          usages.filter((usage) => usage.day === day),
          groupBy,
        );
        return { object: 'bucket', start_time: start, end_time: start + 86_400, results: sums.map(resultOf) };
      });
      return jsonResponse({ object: 'page', data, has_more: false, next_page: null });
    },
  ];
}

function ownOf(caller: Caller | undefined, usages: readonly HostUsage[]): readonly HostUsage[] {
  if (!caller || isAdmin(caller)) return usages;
  return usages.map((usage) => ({ ...usage, rows: usage.rows.filter((row) => row.caller === caller.name) }));
}

function resultOf({ caller, model, version, ...sum }: UsageSum): object {
  return {
    object: 'usage.result',
    num_model_requests: sum.requests,
    num_failed_requests: sum.failed,
    num_items: sum.items,
    input_tokens: sum.inputTokens,
    output_tokens: sum.outputTokens,
    input_bytes: sum.bytesIn,
    output_bytes: sum.bytesOut,
    gigabyte_seconds: Number(sum.gbSeconds.toPrecision(6)),
    api_key_id: caller ?? null,
    model: model ?? null,
    model_version: version ?? null,
  };
}
