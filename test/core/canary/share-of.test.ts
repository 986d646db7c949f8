import { describe, expect, test } from '@jest/globals';
import { shareOf } from '../../../src/core/canary/share-of.ts';

describe('shareOf', () => {
  test('is the same for the same text, and from 0 to below 1', () => {
    for (const text of ['', 'a', 'model/production/caller', '\u{10FFFF}']) {
      expect(shareOf(text)).toBe(shareOf(text));
      expect(shareOf(text)).toBeGreaterThanOrEqual(0);
      expect(shareOf(text)).toBeLessThan(1);
    }
  });

  test.each([
    ['numbers', (index: number) => `digits/production/${index}`],
    ['names', (index: number) => `digits/production/team-${String.fromCharCode(97 + (index % 26))}-${index * 7919}`],
    ['long ids', (index: number) => `${'x'.repeat(100)}${index.toString(16)}`],
  ])('%s that lie beside each other are spread evenly', (_what, textOf) => {
    const count = 20_000;
    const found = new Map<number, number>();
    for (let index = 0; index < count; index += 1) {
      const percent = Math.floor(shareOf(textOf(index)) * 100);
      found.set(percent, (found.get(percent) ?? 0) + 1);
    }
    const expected = count / 100;
    expect(found.size).toBe(100);
    const chiSquared = [...found.values()].reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0);
    // 99.9 % of evenly spread ones are below, with 99 degrees of freedom.
    expect(chiSquared).toBeLessThan(148.2);
  });
});
