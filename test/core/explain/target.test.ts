import { expect, test } from '@jest/globals';
import { targetOf } from '../../../src/core/explain/target.ts';

test('a text is the name of a class, and where there is none such, a place', () => {
  const stars = ['1', '2', '3'];
  const scores = [0.2, 0.5, 0.3];
  expect(targetOf('1', scores, stars)).toEqual({ index: 0, label: '1' });
  expect(targetOf('3', scores, stars)).toEqual({ index: 2, label: '3' });
  expect(targetOf(1, scores, stars)).toEqual({ index: 1, label: '2' });
  expect(targetOf('0', scores, stars)).toEqual({ index: 0, label: '1' });
  expect(targetOf('2', scores, undefined)).toEqual({ index: 2 });
  expect(targetOf(undefined, scores, stars)).toEqual({ index: 1, label: '2' });
  for (const strange of ['4', 'two', '-1', '1.5', ''])
    expect(() => targetOf(strange, scores, stars)).toThrow("expected '1', '2', '3', or a place from 0 to 2, got");
});
