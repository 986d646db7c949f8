import { describe, expect, test } from '@jest/globals';
import { keyCaller } from '../../../src/adapters/api-keys/key-caller.ts';
import type { HttpRequest } from '../../../src/http/http-message.ts';
import { usageQuery } from '../../../src/http/usage/usage-query.ts';
import { usageRoute } from '../../../src/http/usage/usage-route.ts';
import type { Caller } from '../../../src/ports/caller.ts';

const now = Date.parse('2026-11-29T12:00:00Z');
const noon = now / 1000;
const start = Date.parse('2026-11-29T00:00:00Z') / 1000;

describe('usageQuery', () => {
  test.each([
    ['', ['2026-11-29']],
    [`start_time=${start - 1}`, ['2026-11-28', '2026-11-29']],
    [`start_time=${start - 86_400}&end_time=${start}`, ['2026-11-28']],
    [`start_time=${start}&end_time=${start + 1}`, ['2026-11-29']],
    [`start_time=${noon}&end_time=${noon}`, ['2026-11-29']],
    [`start_time=${start + 86_400}`, ['2026-11-30']],
  ])('takes the days of %s', (query, days) => {
    expect(usageQuery(query, now)).toEqual({ days, groupBy: [] });
  });

  test.each([
    ['group_by=model,api_key_id', ['model', 'caller']],
    ['group_by[]=model_version&group_by[]=model', ['version', 'model']],
  ])('groups by %s', (query, groupBy) => {
    expect(usageQuery(query, now).groupBy).toEqual(groupBy);
  });

  test.each([
    ['start_time=today', "parameter 'start_time': expected whole seconds since 1970, got 'today'"],
    ['start_time=0', "parameters 'start_time' and 'end_time': expected at most 93 days, got 20787"],
    ['bucket_width=1h', "parameter 'bucket_width': expected 1d, which is all there is, got '1h'"],
    [
      'group_by=project_id',
      "parameter 'group_by': expected some of api_key_id, model, model_version, got 'project_id'",
    ],
  ])('refuses %s', (query, message) => {
    expect(() => usageQuery(query, now)).toThrow(expect.objectContaining({ status: 400, message }));
  });
});

describe('GET /v1/usage', () => {
  const counts = {
    failed: 0,
    items: 2,
    inputTokens: 3,
    outputTokens: 0,
    bytesIn: 10,
    bytesOut: 20,
    ms: 5,
    gbSeconds: 0.5,
  };
  const row = (caller: string) => ({ caller, model: 'm', version: '1', requests: 1, ...counts });
  const host = { id: 'h', kind: 'server', gigabytes: 1, vcpus: 1, architecture: 'x86_64' } as const;
  const times = { from: '2026-11-29T00:00:00Z', to: '2026-11-29T01:00:00Z' };
  const usages = [{ host, day: '2026-11-29', ...times, rows: [row('ann'), row('bob')] }];
  const results = async (caller?: Caller, query = 'group_by=api_key_id') => {
    const [, , access, handler] = usageRoute(
      async () => usages,
      () => now,
    );
    expect(access).toBe('any');
    const { body } = await handler({ query, ...(caller && { caller }) } as HttpRequest, []);
    const { data, ...page } = JSON.parse(Buffer.concat(body).toString());
    expect(page).toEqual({ object: 'page', has_more: false, next_page: null });
    return data[0].results;
  };
  const keyed = (name: string, more = {}) => keyCaller({ name, ...more });

  test('has all counters, in the shape of OpenAI', async () => {
    expect(await results(undefined, '')).toEqual([
      {
        object: 'usage.result',
        num_model_requests: 2,
        num_failed_requests: 0,
        num_items: 4,
        input_tokens: 6,
        output_tokens: 0,
        input_bytes: 20,
        output_bytes: 40,
        gigabyte_seconds: 1,
        api_key_id: null,
        model: null,
        model_version: null,
      },
    ]);
  });

  test('shows a caller its own, and all of them to who may administer all models', async () => {
    const names = async (caller: Caller) =>
      (await results(caller)).map((each: { api_key_id: string }) => each.api_key_id);
    expect(await names(keyed('ann'))).toEqual(['ann']);
    expect(await names(keyed('eve'))).toEqual([]);
    expect(await names(keyed('root', { actions: ['admin'] }))).toEqual(['ann', 'bob']);
    expect(await names(keyed('bob', { actions: ['admin'], models: ['m'] }))).toEqual(['bob']);
  });
});
