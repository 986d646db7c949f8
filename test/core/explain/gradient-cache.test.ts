import { beforeEach, expect, test } from '@jest/globals';
import { GradientCache } from '../../../src/core/explain/gradient-cache.ts';
import { ModelVersion } from '../../../src/core/model-version.ts';
import type { Gradients, GradientWish } from '../../../src/ports/gradients.ts';
import type { Session } from '../../../src/ports/session.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

/** What was opened and released, by the model's name and the digest of its files. */
const opened: string[] = [];
const released: string[] = [];
/** Of which the gradients are another version's, whose files have changed. */
const changed = new Set<string>();
let isBroken = false;

beforeEach(() => {
  for (const list of [opened, released]) list.length = 0;
  changed.clear();
  isBroken = false;
});

async function open({ model, digest }: GradientWish): Promise<Gradients> {
  const version = model + digest;
  opened.push(version);
  if (isBroken) throw new Error('broken');
  return {
    version,
    scores: 'y',
    of: 'output',
    by: 'x',
    bytes: model === 'large' ? 100 : 4,
    run: () => Promise.reject(new Error('nobody runs it')),
    isStill: async () => !changed.delete(version),
    release: async () => void released.push(version),
  };
}

function versionOf(name: string): ModelVersion {
  const version = new ModelVersion(name, 1, defaultConfig);
  load(version, '');
  return version;
}

function load(version: ModelVersion, digest: string): void {
  version.session = {} as Session;
  version.digest = digest;
  version.loads += 1;
}

const wish = { output: 'y', isMeanOfRows: false, by: { kind: 'input', name: 'x' } } as const;
const used = (cache: GradientCache, version: ModelVersion) => cache.use(version, wish, async (found) => found.version);

/** Uses the gradients of a version until the function that comes back is called. */
async function hold(cache: GradientCache, version: ModelVersion): Promise<() => Promise<void>> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const held = cache.use(version, wish, () => {
    begin();
    return promise;
  });
  await begun;
  return () => {
    resolve();
    return held;
  };
}

test('gradients are shared, kept within a budget, and never let go in use', async () => {
  const cache = new GradientCache(open, 10);
  const [a, b, c, d, large] = [versionOf('a'), versionOf('b'), versionOf('c'), versionOf('d'), versionOf('large')];
  expect(await Promise.all([used(cache, a), used(cache, a), used(cache, b)])).toEqual(['a', 'a', 'b']);
  expect([opened, released]).toEqual([['a', 'b'], []]);
  await used(cache, a);
  await used(cache, c);
  expect(released).toEqual(['b']);
  // Larger than the budget: others go, and then it goes itself.
  const end = await hold(cache, large);
  await used(cache, d);
  expect(released).toEqual(['b', 'a', 'c', 'd']);
  await end();
  expect(released).toEqual(['b', 'a', 'c', 'd', 'large']);
});

test('what did not load is tried again, and other wishes are opened for themselves', async () => {
  const cache = new GradientCache(open, 10);
  const a = versionOf('a');
  isBroken = true;
  await expect(used(cache, a)).rejects.toThrow('broken');
  isBroken = false;
  expect(await used(cache, a)).toBe('a');
  await cache.use(a, { ...wish, by: { kind: 'layer', name: 'r2' } }, async () => undefined);
  expect(opened).toEqual(['a', 'a', 'a']);
});

test('gradients are of the weights that serve: those of a version that was loaded anew are opened anew', async () => {
  const cache = new GradientCache(open, 100);
  const a = versionOf('a');
  await used(cache, a);
  load(a, '-overwritten');
  expect(await used(cache, a)).toBe('a-overwritten');
  // Another of the same name and number takes its place, as where `load` finds other files.
  const successor = versionOf('a');
  load(successor, '-again');
  expect(await used(cache, successor)).toBe('a-again');
  a.session = undefined;
  await cache.letGo();
  expect(released).toEqual(['a', 'a-overwritten']);
  expect(await used(cache, successor)).toBe('a-again');
  expect(opened).toEqual(['a', 'a-overwritten', 'a-again']);
});

test('gradients of a version that was let go are too, once nobody uses them', async () => {
  const cache = new GradientCache(open, 100);
  const [a, b] = [versionOf('a'), versionOf('b')];
  await used(cache, b);
  const end = await hold(cache, a);
  for (const version of [a, b]) version.session = undefined;
  await cache.letGo();
  expect(released).toEqual(['b']);
  await end();
  expect(released).toEqual(['b', 'a']);
});

test('gradients of a parent whose files have changed are opened anew, beside explanations under way', async () => {
  const cache = new GradientCache(open, 100);
  const a = versionOf('a');
  const end = await hold(cache, a);
  await used(cache, a);
  expect(opened).toEqual(['a']);
  changed.add('a');
  await used(cache, a);
  expect([opened, released]).toEqual([['a', 'a'], []]);
  await end();
  expect(released).toEqual(['a']);
  await used(cache, a);
  expect(opened).toEqual(['a', 'a']);
});
