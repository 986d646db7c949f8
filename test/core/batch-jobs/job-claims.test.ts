import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { forgetClaims } from '../../../src/core/batch-jobs/forget-claims.ts';
import { JobClaims } from '../../../src/core/batch-jobs/job-claims.ts';
import { SteppedStore } from '../../fakes/stepped-store.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-claims-'));
});
afterEach(() => rm(folder, { recursive: true }));

const arrived = new Date('2026-11-30T10:00:00Z');
const later = (ms: number) => new Date(arrived.getTime() + ms);
const first = { words: 'a job', at: arrived, isRetry: false };
const again = { words: 'a job', at: later(500), isRetry: true };

test.each([
  ['a request', first, again],
  ['its retry', again, first],
])('wherever %s is when the other comes, both are for one job', async (_what, slow, quick) => {
  for (let at = 0; ; at += 1) {
    const store = new DirectoryObjectStore(join(folder, String(at)));
    let other: string | undefined;
    const stepped = new SteppedStore(store, async (step) => {
      if (step === at) other = await new JobClaims(store, 'job').claim(quick);
    });
    const one = await new JobClaims(stepped, 'job').claim(slow);
    if (other === undefined) {
      expect(at).toBeGreaterThan(3);
      break;
    }
    expect([one, at]).toEqual([other, at]);
  }
});

test('what is asked for anew, by others or of another kind, or again after long, is for a job of its own', async () => {
  const claims = new JobClaims(new DirectoryObjectStore(folder), 'job');
  const batches = new JobClaims(new DirectoryObjectStore(folder), 'batch');
  const all = [
    await claims.claim(again),
    await claims.claim({ ...first, at: later(501) }),
    await claims.claim({ ...first, at: later(502) }),
    await claims.claim({ ...first, words: 'another' }),
    await claims.claim({ ...again, at: later(16 * 60_000) }),
    await batches.claim(again),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(await claims.known(again)).toBe(all[4]);
  expect(all[5]).toMatch(/^batch_/);
});

test('claims of a day ago go, and who asks again within minutes has the same job all the same', async () => {
  const store = new DirectoryObjectStore(folder);
  const claims = new JobClaims(store, 'job');
  await claims.claim({ ...first, words: 'old' });
  await claims.claim(first);
  const dayLater = later(24 * 60 * 60 * 1000);
  const recent = await claims.claim({ ...first, at: dayLater });
  await forgetClaims(store, dayLater);
  expect((await store.list('asked/')).map(({ key }) => key.split('/').at(-1))).toEqual(['000001']);
  expect(await claims.known({ ...first, at: new Date(dayLater.getTime() + 10 * 60_000), isRetry: true })).toBe(recent);
  await forgetClaims(store, new Date(2 * dayLater.getTime()));
  expect(await store.list('asked/')).toEqual([]);
  expect(await claims.claim(first)).not.toBe(recent);
});

test('a claim that is no JSON goes, too', async () => {
  const store = new DirectoryObjectStore(folder);
  await store.replace('asked/x/000000', new Uint8Array());
  await forgetClaims(store, arrived);
  expect(await store.list('asked/')).toEqual([]);
});
