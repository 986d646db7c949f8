import { describe, expect, test } from '@jest/globals';
import { compareHosts } from '../../../src/core/usage/compare-hosts.ts';
import { costOf } from '../../../src/core/usage/cost-of.ts';
import { fargateTask } from '../../../src/core/usage/fargate-task.ts';
import { functionGigabytes } from '../../../src/core/usage/function-gigabytes.ts';
import type { HostUsage } from '../../../src/core/usage/host-usage.ts';
import { priceSnapshot } from '../../../src/core/usage/price-snapshot.ts';
import { sumUsage } from '../../../src/core/usage/sum-usage.ts';
import type { UsageRow } from '../../../src/core/usage/usage-row.ts';
import { otherCallers, UsageTable } from '../../../src/core/usage/usage-table.ts';

const counts = { failed: 0, items: 0, inputTokens: 0, outputTokens: 0, bytesIn: 0, bytesOut: 0, ms: 0, gbSeconds: 0 };
const row = (caller: string, more: Partial<UsageRow> = {}): UsageRow => ({
  caller,
  model: 'm',
  version: '1',
  requests: 1,
  ...counts,
  ...more,
});
const host = { id: 'h', kind: 'server', gigabytes: 8, vcpus: 2, architecture: 'x86_64' } as const;
const day = (rows: readonly UsageRow[], more: Partial<HostUsage> = {}): HostUsage => ({
  host,
  day: '2026-11-29',
  from: '2026-11-29T10:00:00.000Z',
  to: '2026-11-29T20:00:00.000Z',
  rows,
  ...more,
});

test('usage is added up by what is asked for, over hosts and days', () => {
  const usages = [
    day([row('a', { items: 2 }), row('b')]),
    day([row('a', { items: 3, version: '2' })], { day: '2026-11-30' }),
  ];
  const by = (...keys: Parameters<typeof sumUsage>[1]) => sumUsage(usages, keys).map((sum) => ({ ...sum }));
  expect(by('caller')).toMatchObject([
    { caller: 'a', requests: 2, items: 5 },
    { caller: 'b', requests: 1, items: 0 },
  ]);
  expect(by('day')).toMatchObject([
    { day: '2026-11-29', requests: 2 },
    { day: '2026-11-30', requests: 1 },
  ]);
  expect(by()).toMatchObject([{ requests: 3, items: 5 }]);
  expect(sumUsage([], ['model'])).toEqual([]);
});

test('of callers without number there is one row', () => {
  const table = new UsageTable(3);
  for (let i = 0; i < 10; i += 1) table.add(row(`c${i}`));
  expect(table.rows.map(({ caller, requests }) => [caller, requests])).toEqual([
    ['c0', 1],
    ['c1', 1],
    ['c2', 1],
    [otherCallers, 7],
  ]);
});

describe('costs', () => {
  test('of functions are their time and requests, of each architecture', () => {
    const rows = [row('a', { requests: 900_000, failed: 100_000, gbSeconds: 1000 })];
    const lambda = (architecture: 'x86_64' | 'arm64') => day(rows, { host: { ...host, kind: 'lambda', architecture } });
    // A million requests at 0.20 and 3.50.
    const usd = (architecture: 'x86_64' | 'arm64') =>
      sumUsage([lambda(architecture)], [], costOf(priceSnapshot))[0]?.usd;
    expect(usd('x86_64')).toBeCloseTo(3.7 + 0.0166667, 6);
    expect(usd('arm64')).toBeCloseTo(3.7 + 0.0133334, 6);
  });

  test('of a server are its hours, by how long it worked for each', () => {
    const usages = [day([row('a', { ms: 100 }), row('b', { ms: 300 })]), day([])];
    const [a, b] = sumUsage(usages, ['caller'], costOf(priceSnapshot, 0.526));
    expect(a?.usd).toBeCloseTo(0.25 * 10 * 0.526, 9);
    expect(b?.usd).toBeCloseTo(0.75 * 10 * 0.526, 9);
    // A task of Fargate of 2 vCPUs and 8 GB.
    const [all] = sumUsage(usages, [], costOf(priceSnapshot));
    expect(all?.usd).toBeCloseTo(10 * (2 * 0.04048 + 8 * 0.004445), 9);
  });

  test('elsewhere: functions, tasks and instances, with the requests a day from which on each is cheaper', () => {
    // 100,000 requests of 100 ms with 2 GB: 20,000 GB-seconds, 10,000 s of a day.
    const load = row('a', { requests: 100_000, ms: 10_000_000, gbSeconds: 20_000 });
    const hosts = compareHosts([day([load])], priceSnapshot);
    const of = (name: string) => hosts.find((each) => each.host.startsWith(name));
    const lambda = 20_000 * 0.0000166667 + 0.1 * 3.7;
    expect(of('Lambda, x86_64')).toMatchObject({ usd: expect.closeTo(lambda, 6) });
    const fargate = 0.04048 + 2 * 0.004445;
    expect(of('Fargate, x86_64')).toEqual({
      host: 'Fargate, x86_64, 1 vCPU, 2 GB',
      count: 1,
      usd: expect.closeTo(24 * fargate, 6),
      usdADay: expect.closeTo(24 * fargate, 6),
      breakEven: Math.ceil((24 * fargate) / (lambda / 100_000)),
    });
    expect(of('EC2 g6.xlarge')).toMatchObject({ count: 1, usd: expect.closeTo(24 * 0.8048, 6) });
    expect(hosts.map(({ usd }) => usd)).toEqual(hosts.map(({ usd }) => usd).sort((a, b) => a - b));
    // Ten times as much is more than a vCPU is to do at 60 %.
    const tenfold = compareHosts([day(Array.from({ length: 10 }, () => load))], priceSnapshot);
    expect(tenfold.find((each) => each.host.startsWith('Fargate, x86_64'))?.count).toBe(2);
    expect(compareHosts([day([row('a')])], priceSnapshot)).toEqual([]);
  });

  test('know the sizes of tasks, and the memory of a function', () => {
    expect(fargateTask(1, 0.2)).toEqual({ vcpus: 1, gigabytes: 2 });
    expect(fargateTask(1, 8.5)).toEqual({ vcpus: 2, gigabytes: 9 });
    expect(fargateTask(64, 500)).toEqual({ vcpus: 16, gigabytes: 120 });
    expect(functionGigabytes(0, 1)).toBeCloseTo(1769 / 1024, 9);
    expect(functionGigabytes(2 * 1024 ** 3, 1)).toBeCloseTo(4.4 + 160 / 1024, 9);
  });
});
