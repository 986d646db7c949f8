import { expect, test } from '@jest/globals';
import { whyNoBetter } from '../../../src/adapters/prepared/why-no-better.ts';

const figures = (loadMs: number, firstRunMs: number, runMs: number) => ({ bytes: 1, loadMs, firstRunMs, runMs });

test('a form that is there sooner and runs as fast is used, and one that runs a little slower', () => {
  const plain = figures(300, 80, 70);
  expect(whyNoBetter({ plain, prepared: figures(10, 90, 70) })).toBe('');
  expect(whyNoBetter({ plain, prepared: figures(10, 90, 76) })).toBe('');
  expect(whyNoBetter({ plain: figures(2, 1, 0.01), prepared: figures(1, 1, 0.05) })).toBe('');
});

test('a form that runs slower by a clear margin, or is hardly there sooner, is not', () => {
  const plain = figures(300, 80, 70);
  expect(whyNoBetter({ plain, prepared: figures(10, 90, 78) })).toBe(
    'its runs take 78.00 ms, those of the model as it is 70.00 ms',
  );
  expect(whyNoBetter({ plain, prepared: figures(10, 340, 70) })).toBe(
    'its first answer is there after 350.00 ms, that of the model as it is after 380.00 ms',
  );
});
