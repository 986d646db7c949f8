import { expect, test } from '@jest/globals';
import { nearestWord } from '../../src/adapters/nearest-word.ts';

test.each([
  ['labls', 'labels'],
  ['Pinned', 'pinned'],
  ['colour', undefined],
])('of labels and pinned, %p is most likely %p', (word, expected) => {
  expect(nearestWord(word, ['labels', 'pinned'])).toBe(expected);
});

test('a word of two letters is near to none that has another letter, and to its own in capitals', () => {
  expect(nearestWord('lr', ['l1', 'epochs'])).toBeUndefined();
  expect(nearestWord('x', ['X'])).toBe('X');
});

test('where nothing is known, nothing is near', () => {
  expect(nearestWord('x', [])).toBeUndefined();
});
