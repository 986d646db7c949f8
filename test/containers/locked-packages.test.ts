import { expect, test } from '@jest/globals';
import { lockedPackages } from '../../containers/inference/locked-packages.ts';

const lock = {
  'node_modules/a': { dependencies: { b: '1', c: '1' } },
  'node_modules/a/node_modules/b': { dependencies: { d: '1' } },
  'node_modules/b': { dependencies: { e: '1' } },
  'node_modules/c': { dependencies: { b: '2', a: '1' } },
  'node_modules/d': {},
  'node_modules/e': {},
  'node_modules/of-nobody': {},
};

test('packages are found as Node finds them, with what they need, also in circles', () => {
  expect(lockedPackages(lock, ['a'], [])).toEqual([
    'node_modules/a',
    'node_modules/a/node_modules/b',
    'node_modules/b',
    'node_modules/c',
    'node_modules/d',
    'node_modules/e',
  ]);
});

test('what is left out takes what only it needs along', () => {
  expect(lockedPackages(lock, ['a', 'd'], ['b'])).toEqual(['node_modules/a', 'node_modules/c', 'node_modules/d']);
});

test('a package that the lock file lacks is named', () => {
  expect(() => lockedPackages({}, ['a'], [])).toThrow('package-lock.json has no a: run npm install');
});
