import type { UsageKey } from '../../core/usage/sum-usage.ts';
import { utcDay } from '../../core/utc-day.ts';
import { ServiceError } from '../../protocol/service-error.ts';

export interface UsageQuery {
  /** As in 2026-11-29, ascending; one at least. */
  readonly days: readonly string[];
  readonly groupBy: readonly UsageKey[];
}

const mostDays = 93;
const dayMs = 86_400_000;
const keys: Readonly<Record<string, UsageKey>> = { api_key_id: 'caller', model: 'model', model_version: 'version' };

/**
 * What `GET /v1/usage` asks for: `start_time` and `end_time`, in seconds since 1970, by default today; `group_by`, some
 * of api_key_id, model and model_version. Throws ServiceError 400 that names the parameter that is wrong.
 */
export function usageQuery(query: string | undefined, nowMs: number): UsageQuery {
  const parameters = new URLSearchParams(query);
  const start = seconds(parameters, 'start_time') ?? Math.floor(nowMs / dayMs) * (dayMs / 1000);
  // Of a day that is only touched nothing is wanted.
  const end = (seconds(parameters, 'end_time') ?? Math.max(start, nowMs / 1000)) * 1000 - 1;
  const first = Math.floor((start * 1000) / dayMs);
  const last = Math.max(first, Math.floor(end / dayMs));
  if (last - first >= mostDays)
    throw new ServiceError(
      400,
      `parameters 'start_time' and 'end_time': expected at most ${mostDays} days, got ${last - first + 1}`,
    );
  const width = parameters.get('bucket_width') ?? '1d';
  if (width !== '1d')
    throw new ServiceError(
      400,
      `parameter 'bucket_width': expected 1d, which is all there is, got '${width.slice(0, 100)}'`,
    );
  const days = Array.from({ length: last - first + 1 }, (_, i) => utcDay(new Date((first + i) * dayMs)));
  return { days, groupBy: groups(parameters) };
}

function groups(parameters: URLSearchParams): readonly UsageKey[] {
  const words = [...parameters.getAll('group_by'), ...parameters.getAll('group_by[]')].flatMap((each) =>
    each.split(','),
  );
  return words.map((word) => {
    const key = keys[word];
    if (key !== undefined) return key;
    throw new ServiceError(
      400,
      `parameter 'group_by': expected some of ${Object.keys(keys).join(', ')}, got '${word.slice(0, 100)}'`,
    );
  });
}

function seconds(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  if (/^\d{1,11}$/.test(text)) return Number(text);
  throw new ServiceError(400, `parameter '${name}': expected whole seconds since 1970, got '${text.slice(0, 100)}'`);
}
