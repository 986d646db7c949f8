import { describe, expect, test } from '@jest/globals';
import { chooseRows } from '../../../src/core/batch/choose-rows.ts';
import type { RunModel } from '../../../src/core/batch/run-records.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

const specs = [{ name: 'x', datatype: 'FP32', shape: [-1, 1] }] as const;
const record = { tensors: [floatTensor([1], [1])], kept: [] };

/**
 * What is chosen for a model whose runs take so long for so many rows, the first of them `firstMs` longer; and how many
 * of each size were tried.
 */
async function choose(msOf: (rows: number) => number, { firstMs = 0, mostRows = 64 } = {}) {
  const clock = new FakeClock();
  const tried = new Map<number, number>();
  const run: RunModel = async ([input]) => {
    if (!input) throw new Error('there is one');
    const rows = input.shape[0] as number;
    const before = tried.get(rows) ?? 0;
    tried.set(rows, before + 1);
    clock.ms += msOf(rows) + (before === 0 ? firstMs : 0);
    return [{ ...input, name: 'y' }];
  };
  const { rows, recordsPerSecond } = await chooseRows(record, { specs, run }, clock, mostRows);
  return { rows, recordsPerSecond, tried: Object.fromEntries(tried) };
}

describe('a run takes as many records', () => {
  test('as are done the most of in a second', async () => {
    expect(await choose((rows) => 10 + rows)).toMatchObject({ rows: 64 });
    // Past 16 rows, say, its memory is no longer that of the cache.
    expect(await choose((rows) => (rows > 16 ? 3 * rows : 10 + rows))).toMatchObject({ rows: 16 });
    expect((await choose((rows) => 4 * rows, { mostRows: 1 })).recordsPerSecond).toBe(250);
  });

  test('as may be where it does not matter: a longer run is handed over less often', async () => {
    expect(await choose((rows) => rows)).toMatchObject({ rows: 64 });
    expect(await choose((rows) => rows * (rows > 1 ? 1.04 : 1))).toMatchObject({ rows: 64 });
    expect(await choose((rows) => rows * (rows > 1 ? 1.1 : 1))).toMatchObject({ rows: 1 });
  });

  test('though the first run of a size is slower', async () => {
    expect(await choose((rows) => 10 + rows, { firstMs: 100 })).toMatchObject({ rows: 64 });
  });

  test('and where runs are long, few are tried, and none past a quarter of a second', async () => {
    expect(await choose((rows) => 12 * rows)).toMatchObject({ rows: 16, tried: { 1: 3, 4: 2, 16: 2 } });
    expect(await choose((rows) => 100 * rows)).toMatchObject({ rows: 1, tried: { 1: 2 } });
  });
});
