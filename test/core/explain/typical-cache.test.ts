import { expect, test } from '@jest/globals';
import { TypicalCache } from '../../../src/core/explain/typical-cache.ts';
import { ModelVersion } from '../../../src/core/model-version.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

const versionOf = (name: string) => new ModelVersion(name, 1, defaultConfig);
const row = (...x: readonly unknown[]) => JSON.stringify({ inputs: { x: [x] } });
const read: string[] = [];
const samples = new Map<string, string>();

function cache(most?: number): TypicalCache {
  read.length = 0;
  return new TypicalCache(async (name) => {
    read.push(name);
    if (name === 'broken') throw new Error('no disk');
    return samples.get(name);
  }, most);
}

test('samples of a version are read once, and again where it was loaded anew or is another', async () => {
  samples.set('a', row(3, 4));
  const typical = cache();
  const a = versionOf('a');
  const both = await Promise.all([typical.of(a), typical.of(a)]);
  expect(both.map((found) => [...(found?.values ?? [])])).toEqual([[['x', [3, 4]]], [['x', [3, 4]]]]);
  await typical.of(a);
  expect(read).toEqual(['a']);
  samples.set('a', row(5, 6));
  a.loads += 1;
  expect((await typical.of(a))?.values.get('x')).toEqual([5, 6]);
  samples.set('a', row(7, 8));
  const other = versionOf('a');
  other.loads = a.loads;
  expect((await typical.of(other))?.values.get('x')).toEqual([7, 8]);
  expect(read).toEqual(['a', 'a', 'a']);
});

test('what there is not, or cannot be read, is looked for again', async () => {
  const typical = cache();
  const [late, broken] = [versionOf('late'), versionOf('broken')];
  expect(await typical.of(late)).toBeUndefined();
  samples.set('late', row(1));
  expect((await typical.of(late))?.values.get('x')).toEqual([1]);
  await expect(typical.of(broken)).rejects.toThrow('no disk');
  await expect(typical.of(broken)).rejects.toThrow('no disk');
  expect(read).toEqual(['late', 'late', 'broken', 'broken']);
});

test('the one explained longest ago goes where there is no room, and one that is too large by itself', async () => {
  const text = (name: string, length: number) => samples.set(name, row('a'.repeat(length)));
  for (const name of ['a', 'b', 'c']) text(name, 50);
  text('large', 1000);
  const typical = cache(350);
  const of = (...versions: readonly ModelVersion[]) => Promise.all(versions.map((version) => typical.of(version)));
  const [a, b, c, large] = [versionOf('a'), versionOf('b'), versionOf('c'), versionOf('large')];
  await of(a, b);
  await of(a);
  await of(c);
  await of(a, b);
  expect(read).toEqual(['a', 'b', 'c', 'b']);
  await of(large);
  await of(large);
  expect(read.slice(4)).toEqual(['large', 'large']);
});
