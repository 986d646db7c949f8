import { describe, expect, test } from '@jest/globals';
import { layoutsFor } from '../../../src/core/tuning/layouts-for.ts';
import { type Search, searchSettings } from '../../../src/core/tuning/search-settings.ts';
import type { TunableSettings } from '../../../src/core/tuning/tunable-settings.ts';

const present = { intraOpThreads: 0, runsAtOnce: 0, maxBatchSize: 0 };

/**
 * A machine of four processors on which `runMs` tells how long a run of so many rows takes; requests wait for nothing
 * else.
 */
function machine(runMs: (settings: TunableSettings, rows: number) => number, limits: Partial<Search> = {}) {
  const opened: string[] = [];
  let underWay = 0;
  const search: Search = {
    present,
    layouts: layoutsFor(4),
    batchSizes: [1, 2, 4, 8, 16],
    goalMs: 100,
    open: async (settings) => {
      opened.push(words(settings));
      underWay += 1;
      expect(underWay).toBe(1);
      return {
        measure: async (callers) => {
          const runs = settings.runsAtOnce || 1;
          const rows = Math.max(1, Math.min(settings.maxBatchSize || 1, Math.floor(callers / runs)));
          const ms = runMs(settings, rows) * Math.max(1, callers / (rows * runs));
          return { callers, perSecond: (callers * 1000) / ms, medianMs: ms, p99Ms: ms };
        },
        close: async () => {
          underWay -= 1;
        },
      };
    },
    isOver: () => false,
    onTrial: () => undefined,
    ...limits,
  };
  return { search, opened };
}

function words({ intraOpThreads, runsAtOnce, maxBatchSize }: TunableSettings): string {
  return `${intraOpThreads}×${runsAtOnce}, ${maxBatchSize}`;
}

describe('layoutsFor', () => {
  test('keeps all processors busy', () => {
    const pairs = (processors: number) =>
      layoutsFor(processors).map(({ intraOpThreads, runsAtOnce }) => [intraOpThreads, runsAtOnce]);
    expect(pairs(1)).toEqual([[1, 1]]);
    expect(pairs(6)).toEqual([
      [1, 6],
      [2, 3],
      [4, 1],
      [6, 1],
    ]);
  });
});

describe('searchSettings', () => {
  // A run costs 10 ms and 1 ms a row; threads quicken it by half of what they are.
  const usual = ({ intraOpThreads }: TunableSettings, rows: number) => (10 + rows) / (0.5 + (intraOpThreads || 1) / 2);

  test('finds the layout, and the largest batch that meets the goal', async () => {
    const { search } = machine(usual);
    const { best, untriedSizes } = await searchSettings(search);
    expect(untriedSizes).toEqual([]);
    expect(best.settings).toEqual({ intraOpThreads: 1, runsAtOnce: 4, maxBatchSize: 16 });
    expect(best.best?.p99Ms).toBeLessThanOrEqual(100);
  });

  test('takes few callers, small batches and many threads where the goal is low', async () => {
    const { best } = await searchSettings(machine(usual, { goalMs: 4.5 }).search);
    expect(best.settings).toMatchObject({ intraOpThreads: 4, runsAtOnce: 1 });
    expect(best.best).toMatchObject({ callers: 1 });
  });

  test('keeps the settings as they are where others win nothing that is more than noise', async () => {
    const { best, trials } = await searchSettings(
      machine(({ runsAtOnce, maxBatchSize }, rows) => 10 * rows * (runsAtOnce || 1) * (maxBatchSize ? 0.99 : 1)).search,
    );
    expect(best).toBe(trials[0]);
    expect(best.settings).toEqual(present);
  });

  test('does not take what was best by luck', async () => {
    let lucky = 1;
    const luck = ({ maxBatchSize }: TunableSettings, rows: number) => {
      if (maxBatchSize !== 4 || lucky === 0) return 10 * rows;
      return rows;
    };
    const { search, opened } = machine(luck, { layouts: [] });
    const open = search.open;
    const { best } = await searchSettings({
      ...search,
      open: async (settings) => {
        if (settings.maxBatchSize === 16) lucky = 0;
        return open(settings);
      },
    });
    expect(opened.slice(-2)).toEqual(['0×0, 0', '0×0, 4']);
    expect(best.settings).toEqual(present);
  });

  test('does not try batch sizes where there are none, nor settings twice', async () => {
    const { search, opened } = machine(usual, { batchSizes: [] });
    await searchSettings(search);
    // The best of them, and the first, have to prove it.
    expect(opened).toEqual(['0×0, 0', '1×4, 0', '2×2, 0', '4×1, 0', '0×0, 0', '1×4, 0']);
  });

  test('tells the quickest where nothing meets the goal', async () => {
    const { best } = await searchSettings(machine(usual, { goalMs: 1 }).search);
    expect(best.best).toBeUndefined();
    expect(best.settings).toMatchObject({ intraOpThreads: 4 });
    expect(best.points).toMatchObject([{ callers: 1, p99Ms: 11 / 2.5 }]);
  });

  test('tries the settings as they are, with one caller, however little time there is', async () => {
    const { trials, best } = await searchSettings(machine(usual, { isOver: () => true }).search);
    expect(trials).toHaveLength(1);
    expect(best.points).toHaveLength(1);
  });

  test('lets the best prove it where the time is over', async () => {
    let trials = 0;
    const onTrial = () => {
      trials += 1;
    };
    const limits = { isOver: () => trials >= 2, onTrial };
    const { best, untriedSizes } = await searchSettings(machine(usual, limits).search);
    expect(untriedSizes).toEqual([1, 2, 4, 8, 16]);
    expect(best.settings).toEqual({ intraOpThreads: 1, runsAtOnce: 4, maxBatchSize: 0 });
    expect(best.points.length).toBeGreaterThan(2);
  });

  test('tells of each trial, and closes a model that fails to be measured', async () => {
    const told: string[] = [];
    await searchSettings(machine(usual, { onTrial: ({ settings }) => told.push(words(settings)) }).search);
    expect(told.slice(0, 3)).toEqual(['0×0, 0', '1×4, 0', '2×2, 0']);
    let closed = 0;
    const fails = {
      measure: async () => Promise.reject(new Error('no memory')),
      close: async () => {
        closed += 1;
      },
    };
    const { search } = machine(usual, { open: async () => fails });
    await expect(searchSettings(search)).rejects.toThrow('no memory');
    expect(closed).toBe(1);
  });
});
