import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { shareOf } from '../../../src/core/canary/share-of.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import type { Caller } from '../../../src/ports/caller.ts';
import { ReleasedModel } from '../../fakes/released-model.ts';

const nothing = () => undefined;
const callerOf = (name: string): Caller => ({ name, check: nothing, take: nothing, sees: () => true });
const canary = { version: 2, percent: 10 };

describe('calls by an alias with a canary', () => {
  beforeEach(() => {
    jest.spyOn(Math, 'random').mockImplementation(seededRandom());
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test('of 8000, as many get a canary at 10 % as 99.9 % of fair draws give', async () => {
    const model = new ReleasedModel();
    await model.release({ production: { version: 1, canary } });
    let found = 0;
    for (let call = 0; call < 8000; call += 1) {
      const { served } = await model.ask();
      if (served?.version === '2') found += 1;
    }
    // 800 ± 3.29 standard deviations of the binomial.
    const margin = 3.29 * Math.sqrt(8000 * 0.1 * 0.9);
    expect(Math.abs(found - 800)).toBeLessThanOrEqual(margin);
  });

  test('name the version that answered, and the alias that led there', async () => {
    const model = new ReleasedModel();
    await model.release({ production: { version: 1, canary: { ...canary, percent: 100 } }, old: { version: 1 } });
    const servedBy = async (path: string) => (await model.ask({}, path)).served;
    expect(await servedBy('/v2/models/m/infer')).toMatchObject({
      model: 'm',
      version: '2',
      alias: 'production',
      isCanary: true,
    });
    expect(await servedBy('/v2/models/m/versions/production/infer')).toMatchObject({ version: '2', isCanary: true });
    expect(await servedBy('/v2/models/m/versions/old/infer')).toEqual({
      model: 'm',
      version: '1',
      alias: 'old',
      items: 1,
    });
    // Whoever names a version gets it.
    expect(await servedBy('/v2/models/m/versions/1/infer')).toEqual({ model: 'm', version: '1', items: 1 });
  });

  test.each(['key', 'id'] as const)('that are sticky by %s stay, also as the part grows', async (sticky) => {
    const model = new ReleasedModel();
    const asks = (name: string) =>
      model.ask(sticky === 'key' ? { caller: callerOf(name) } : { headers: { 'x-request-id': name } });
    const names = Array.from({ length: 200 }, (_name, index) => `caller-${index}`);
    const withCanary = async (percent: number) => {
      await model.release({ production: { version: 1, canary: { version: 2, percent, sticky } } });
      const found = new Set<string>();
      for (const name of [...names, ...names]) {
        const { served } = await asks(name);
        // The second time as the first.
        expect(found.has(name) && served?.version !== '2').toBe(false);
        if (served?.version === '2') found.add(name);
      }
      expect([...found].sort()).toEqual(names.filter((name) => shareOf(`m/production/${name}`) < percent / 100).sort());
      return found;
    };
    const few = await withCanary(10);
    const more = await withCanary(40);
    expect(few.size).toBeGreaterThan(5);
    expect(more.size).toBeGreaterThan(few.size);
    for (const name of few) expect(more).toContain(name);
  });

  test('get the stable version while the canary does not load, which is said', async () => {
    const model = new ReleasedModel();
    model.broken.add(2);
    await model.release({ production: { version: 1, canary: { ...canary, percent: 100 } } });
    for (let call = 0; call < 10; call += 1) expect((await model.ask()).served?.version).toBe('1');
    const { aliases } = await model.get('/v2/models/m/releases');
    expect(aliases.production.canary).toMatchObject({ version: '2', ready: false });
    expect(aliases.production.canary.reason).toContain('not an ONNX model');
    // Nobody who calls is kept from being answered.
    expect(await model.get('/v2/models/m/ready')).toEqual({ name: 'm', ready: true });
  });

  test('do not wait for a canary that loads as it is first asked for', async () => {
    const model = new ReleasedModel();
    const loading = Promise.withResolvers<void>();
    await model.release({ production: { version: 1, canary: { ...canary, percent: 100 } } }, { load: 'first-use' });
    expect((await model.ask()).served?.version).toBe('1');
    model.loading = loading.promise;
    expect((await model.ask()).served?.version).toMatch(/[12]/);
    loading.resolve();
    await model.time.turn();
    expect((await model.ask()).served?.version).toBe('2');
  });

  test('get no canary that was stopped', async () => {
    const model = new ReleasedModel();
    await model.release({ production: { version: 1, canary: { version: 2, percent: 0, stopped: 'it was slow' } } });
    for (let call = 0; call < 10; call += 1) expect((await model.ask()).served?.version).toBe('1');
    expect((await model.get('/v2/models/m/releases')).aliases.production.canary.stopped).toBe('it was slow');
  });
});

describe('changes of aliases', () => {
  test('are looked for of models that are in use and have some, and taken in by calls from then on', async () => {
    const model = new ReleasedModel();
    await model.release({ production: { version: 2 } });
    model.store.add('unused', [1], { aliases: { production: { version: 1 } } });
    const { repository } = model.dataPlane;
    await repository.refreshReleases(model.time.now());
    expect(model.store.looked).toEqual([]);
    expect((await model.ask()).served?.version).toBe('2');
    await model.store.changeReleases('m', (before) => ({ ...before, aliases: { production: { version: 1 } } }));
    await repository.refreshReleases(model.time.now());
    expect(model.store.looked).toEqual(['m']);
    expect((await model.ask()).served?.version).toBe('1');
    // Of what nobody has asked for in a minute, the next listing tells.
    await repository.refreshReleases(model.time.now() + 60_001);
    expect(model.store.looked).toEqual(['m']);
  });
});
