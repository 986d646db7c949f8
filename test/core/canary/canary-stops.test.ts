import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CanaryStop } from '../../../src/core/canary/releases.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import type { Caller } from '../../../src/ports/caller.ts';
import { type Behaviour, ReleasedModel } from '../../fakes/released-model.ts';

const target = { version: 1, canary: { version: 2, percent: 20, since: '2026-11-29T00:00:00Z' } };

describe('a canary that is worse', () => {
  let stops: CanaryStop[];
  let model: ReleasedModel;
  let random: () => number;

  beforeEach(async () => {
    stops = [];
    random = seededRandom(7);
    jest.spyOn(Math, 'random').mockImplementation(seededRandom());
    model = new ReleasedModel({ takeBack: (stop) => void stops.push(stop) });
    await model.release({ production: target });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Calls until the canary is stopped, `most` times at most. */
  async function call(most: number, behave?: Behaviour): Promise<number> {
    if (behave) model.behaviours.set(2, behave);
    for (let calls = 1; calls <= most; calls += 1) {
      await model.ask().catch(() => undefined);
      if (stops.length > 0) return calls;
    }
    return most;
  }

  const taking =
    (ms: number): Behaviour =>
    () => {
      model.time.ms += ms * (0.8 + 0.4 * random());
      return [0.9, 0.1];
    };

  test.each<[string, Behaviour, string]>([
    [
      'fails 5 of 100 calls',
      () => {
        if (random() < 0.05) throw new Error('failed');
        return [0.9, 0.1];
      },
      'calls failed',
    ],
    ['answers otherwise', () => [0.1, 0.9], 'answers that were compared'],
    ['answers with no numbers', () => [Number.NaN, 0.1], 'calls failed'],
  ])('and %s has no more calls, and the host is told', async (_what, behave, words) => {
    expect(await call(6000, behave)).toBeLessThan(6000);
    expect(stops).toEqual([
      { model: 'm', alias: 'production', canary: target.canary, reason: expect.stringContaining(words) },
    ]);
    const { canary } = (await model.get('/v2/models/m/releases')).aliases.production;
    expect(canary).toMatchObject({ version: '2', percent: 0, stopped: stops[0]?.reason });
    const before = model.runs[2];
    for (let each = 0; each < 50; each += 1) expect((await model.ask()).served?.version).toBe('1');
    expect(model.runs[2]).toBe(before);
    expect(stops).toHaveLength(1);
  });

  test('and takes three times as long has no more calls', async () => {
    model.behaviours.set(1, taking(5));
    expect(await call(2000, taking(15))).toBeLessThan(1000);
    expect(stops[0]?.reason).toContain('slower than 1.5 times');
  });

  test('is none where both take as long, fail as often and say the same', async () => {
    const failing: Behaviour = (run) => {
      if (random() < 0.03) throw new Error('failed');
      return taking(5)(run);
    };
    model.behaviours.set(1, failing);
    await call(3000, failing);
    expect(stops).toEqual([]);
  });

  test('begins anew with another step, and stays stopped as the same is read again', async () => {
    await call(1000, () => [Number.NaN, 0.1]);
    expect(stops).toHaveLength(1);
    await model.release({ production: structuredClone(target) });
    expect((await model.ask()).served?.version).toBe('1');
    expect((await model.get('/v2/models/m/releases')).aliases.production.canary.percent).toBe(0);
    await model.release({ production: { version: 1, canary: { ...target.canary, since: '2026-11-30T00:00:00Z' } } });
    expect((await model.get('/v2/models/m/releases')).aliases.production.canary).toMatchObject({
      percent: 20,
      calls: { canary: { calls: 0 }, stable: { calls: 0 } },
    });
  });

  test('is not to blame for what callers send, where they stay with it', async () => {
    const nothing = () => undefined;
    const caller: Caller = { name: 'careless', check: nothing, take: nothing, sees: () => true };
    await model.release({ production: { version: 1, canary: { version: 2, percent: 50, sticky: 'key' } } });
    for (let each = 0; each < 200; each += 1) {
      await model.ask();
      await model.ask({ caller, body: new TextEncoder().encode('{') }).catch(() => undefined);
    }
    expect(stops).toEqual([]);
  });
});

describe('a shadow', () => {
  let model: ReleasedModel;
  const shadowed = async () => (await model.get('/v2/models/m/releases')).aliases.production.shadow;

  beforeEach(async () => {
    model = new ReleasedModel();
    await model.release({ production: { version: 1, shadow: { version: 2, percent: 100 } } });
  });

  async function call(calls: number): Promise<void> {
    for (let each = 0; each < calls; each += 1) {
      const { served } = await model.ask();
      expect(served).toMatchObject({ version: '1', alias: 'production' });
      await model.time.turn();
      await model.time.turn();
    }
  }

  test('answers what callers ask, beside', async () => {
    let answers = 0;
    model.behaviours.set(2, () => {
      answers += 1;
      return answers % 4 === 0 ? [0.1, 0.9] : [0.8, 0.2];
    });
    await call(20);
    expect(await shadowed()).toEqual({
      version: '2',
      percent: 100,
      ready: true,
      comparisons: {
        compared: 20,
        agreed: 15,
        labels: 20,
        label_flips: 5,
        largest_difference: expect.closeTo(0.8, 5),
        failed: 0,
        dropped: 0,
        mean_infer_ms: { callers: 0, own: 0 },
      },
    });
  });

  test('and a canary go on counting as something else of the alias changes, and begin anew with what concerns them', async () => {
    const canary = { version: 2, percent: 1, since: '2026-11-29T00:00:00Z' };
    const shadow = { version: 2, percent: 100 };
    const counted = async () => {
      const { aliases } = await model.get('/v2/models/m/releases');
      const { production } = aliases;
      return [production.canary?.calls?.stable.calls, production.shadow?.comparisons.compared];
    };
    jest.spyOn(Math, 'random').mockReturnValue(0.5);
    await model.release({ production: { version: 1, canary, shadow } });
    await call(3);
    expect(await counted()).toEqual([3, 3]);
    await model.release({ production: { version: 1, previous: 2, canary, shadow }, staging: { version: 2 } });
    await call(1);
    expect(await counted()).toEqual([4, 4]);
    await model.release({ production: { version: 1, canary: { ...canary, percent: 2 }, shadow } });
    expect(await counted()).toEqual([0, 4]);
    await call(1);
    await model.release({ production: { version: 1, canary: { ...canary, percent: 2 } } });
    expect(await counted()).toEqual([1, undefined]);
    await model.release({ production: { version: 1, canary: { ...canary, percent: 2 }, shadow } });
    expect(await counted()).toEqual([1, 0]);
    await model.release({ production: { version: 1 } });
    expect(await counted()).toEqual([undefined, undefined]);
    await model.release({ production: { version: 1, canary: { ...canary, percent: 2 }, shadow } });
    expect(await counted()).toEqual([0, 0]);
    jest.restoreAllMocks();
  });

  test('that fails fails nobody', async () => {
    model.behaviours.set(2, () => {
      throw new Error('failed');
    });
    await call(5);
    expect((await shadowed()).comparisons).toMatchObject({ compared: 0, failed: 5 });
  });

  test('is dropped while the server is busy', async () => {
    const busy = Promise.withResolvers<void>();
    void model.queue.run(() => busy.promise);
    await call(40);
    // As many as may wait do.
    expect((await shadowed()).comparisons).toMatchObject({ compared: 0, dropped: 8 });
    await model.time.pass(1100);
    expect((await shadowed()).comparisons).toMatchObject({ compared: 0, dropped: 40 });
    busy.resolve();
  });

  test('that does not load is not asked', async () => {
    model = new ReleasedModel();
    model.broken.add(2);
    await model.release({ production: { version: 1, shadow: { version: 2, percent: 100 } } });
    await call(3);
    expect(await shadowed()).toMatchObject({ ready: false, comparisons: { compared: 0, failed: 0, dropped: 0 } });
  });
});
