import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { reportLoad } from '../../src/adapters/report-load.ts';
import type { DataPlane } from '../../src/core/data-plane.ts';
import { ModelStatistics } from '../../src/core/model-statistics.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const log = () => {
  const lines: unknown[] = [];
  return { lines, info: (...line: unknown[]) => lines.push(line), warn: () => undefined, error: () => undefined };
};

function answered(statistics: ModelStatistics, queueMs: number): void {
  statistics.succeeded({ inputMs: 1, loadMs: 0, queueMs, inferMs: 5, outputMs: 1 }, 1);
}

test('each line has the requests since the last one of all models, and how long they waited on average', () => {
  const [one, other] = [new ModelStatistics(), new ModelStatistics()];
  const versions = new Map([
    ['a', [{ statistics: one }]],
    ['b', [{ statistics: other }]],
  ]);
  const repository = { names: () => [...versions.keys()], versions: (name: string) => versions.get(name) };
  answered(one, 1000);
  const { lines, ...sink } = log();
  const end = reportLoad({ repository } as unknown as DataPlane, sink, 60_000);
  answered(one, 30);
  answered(other, 60);
  answered(other, 0.5);
  jest.advanceTimersByTime(60_000);
  jest.advanceTimersByTime(60_000);
  // A version that was deleted takes what it had counted along.
  versions.delete('b');
  jest.advanceTimersByTime(60_000);
  end();
  jest.advanceTimersByTime(600_000);
  expect(lines).toEqual([
    [{ requests: 3, queueMs: 30.167 }, 'load'],
    [{ requests: 0, queueMs: 0 }, 'load'],
    [{ requests: 0, queueMs: 0 }, 'load'],
  ]);
});

test('lines tell how much of a GPU is used, where there is one', async () => {
  const { lines, ...sink } = log();
  const repository = { names: () => [] };
  const uses = [{ gpuPercent: 40, gpuMemoryMb: 900 }, undefined];
  const end = reportLoad({ repository } as unknown as DataPlane, sink, 60_000, async () => uses.shift());
  await jest.advanceTimersByTimeAsync(120_000);
  end();
  expect(lines).toEqual([
    [{ requests: 0, queueMs: 0, gpuPercent: 40, gpuMemoryMb: 900 }, 'load'],
    [{ requests: 0, queueMs: 0 }, 'load'],
  ]);
});

test('there are no lines where nobody asked for them', () => {
  const { lines, ...sink } = log();
  reportLoad({} as DataPlane, sink, 0)();
  jest.advanceTimersByTime(600_000);
  expect(lines).toEqual([]);
});
