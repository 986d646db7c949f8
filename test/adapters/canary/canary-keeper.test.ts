import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CanaryKeeper } from '../../../src/adapters/canary/canary-keeper.ts';
import { CountFiles } from '../../../src/adapters/canary/count-files.ts';
import { stopCanary } from '../../../src/adapters/canary/stop-canary.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import type { CanaryStop } from '../../../src/core/canary/releases.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import type { ReleaseState } from '../../../src/ports/model-store.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { ReleasedModel } from '../../fakes/released-model.ts';

const canary = { version: 2, percent: 50, since: '2026-11-29T00:00:00Z' };
const target = { version: 1, canary };

describe('canaries of several hosts', () => {
  let root: string;
  let store: FakeStore;
  let told: CanaryStop[];
  let logged: string[];

  const log = {
    info: () => undefined,
    warn: (_fields: object, message: string) => void logged.push(message),
    error: (_fields: object, message: string) => void logged.push(message),
  };
  const keeper = (host: string) =>
    new CanaryKeeper({
      store,
      models: root,
      files: new CountFiles(new DirectoryObjectStore(join(root, '.canary')), host),
      log,
      onStopped: (stop) => void told.push(stop),
    });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'canaries-'));
    store = new FakeStore();
    store.add('m', [1, 2], { aliases: { production: target } });
    [told, logged] = [[], []];
    jest.spyOn(Math, 'random').mockImplementation(seededRandom());
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await rm(root, { recursive: true });
  });

  test('one that is worse goes back to 0 % in the store, once, with the reason, and the audit log has it', async () => {
    const stop = { model: 'm', alias: 'production', canary, reason: '9 of 9 calls failed' };
    for (const host of ['a', 'b']) {
      const kept = keeper(host);
      kept.takeBack(stop);
      await kept.settled();
    }
    expect(told).toEqual([stop]);
    expect(store.models.get('m')?.aliases).toEqual({
      production: { version: 1, canary: { ...canary, percent: 0, stopped: stop.reason } },
    });
    const line = JSON.parse(await readFile(join(root, '.audit/changes/000000000002.jsonl'), 'utf8'));
    expect(line).toMatchObject({ action: 'canary-stop', model: 'm', version: 2, details: { reason: stop.reason } });
  });

  test('one that was changed meanwhile stays as it is', async () => {
    const stop = { model: 'm', alias: 'production', canary: { ...canary, percent: 20 }, reason: 'it is slow' };
    expect(await stopCanary(store, root, stop)).toBe(false);
    expect(store.models.get('m')?.aliases).toEqual({ production: target });
  });

  test('what cannot be written is tried again', async () => {
    const change = store.changeReleases.bind(store);
    store.changeReleases = async () => {
      throw new Error('no right');
    };
    const kept = keeper('a');
    kept.takeBack({ model: 'm', alias: 'production', canary, reason: 'it is slow' });
    await kept.settled();
    expect(logged.at(-1)).toContain('that is tried again');
    store.changeReleases = (name: string, by: (before: ReleaseState) => ReleaseState) => change(name, by);
    await kept.share(new ReleasedModel().dataPlane.releases);
    expect(store.models.get('m')?.aliases.production?.canary?.percent).toBe(0);
  });

  test('is taken back by what all have seen together', async () => {
    const hosts = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (host) => {
        const kept = keeper(host);
        const model = new ReleasedModel({ takeBack: kept.takeBack });
        await model.release({ production: target });
        let calls = 0;
        model.behaviours.set(2, () => {
          calls += 1;
          if (calls % 8 === 0) throw new Error('failed');
          return [0.9, 0.1];
        });
        return { kept, model };
      }),
    );
    // Too few for any of them alone.
    for (const { model } of hosts) for (let call = 0; call < 100; call += 1) await model.ask().catch(() => undefined);
    expect(store.models.get('m')?.aliases.production?.canary?.percent).toBe(50);
    for (const { model, kept } of hosts) await kept.share(model.dataPlane.releases);
    for (const { kept } of hosts) await kept.settled();
    expect(store.models.get('m')?.aliases.production?.canary?.stopped).toMatch(/^\d+ of \d+ calls failed/);
    expect(told).toHaveLength(1);
  });

  test('counts of an earlier trial are left out, and removed', async () => {
    const files = new DirectoryObjectStore(join(root, '.canary'));
    const old = { trial: 'another', counts: {} };
    await files.replace('m/production/old.json', Buffer.from(JSON.stringify(old)));
    const model = new ReleasedModel();
    await model.release({ production: target });
    const [release] = model.dataPlane.releases.list();
    expect(await new CountFiles(files, 'a').readOthers(release as never)).toEqual([]);
    expect(await files.list('m/')).toEqual([]);
    await files.replace('m/production/cut.json', Buffer.from('{'));
    expect(await new CountFiles(files, 'a').readOthers(release as never)).toEqual([]);
  });
});
