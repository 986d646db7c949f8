import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { memorySlope } from './memory-slope.ts';

describe('memorySlope', () => {
  /** Memory in MB that grows by so much a measurement, under garbage that comes and goes. */
  const measured = (growth: number) => {
    const random = seededRandom();
    return Array.from({ length: 100 }, (_, index) => 100 + growth * index + 20 * random());
  };

  test('tells growth from garbage', () => {
    const leaking = memorySlope(measured(0.5));
    expect(leaking.grown).toBeGreaterThan(40);
    expect(leaking.grown).toBeGreaterThan(3 * leaking.noise);
    const even = memorySlope(measured(0));
    expect(Math.abs(even.grown)).toBeLessThan(3 * even.noise);
  });

  test('needs enough to tell', () => {
    expect(() => memorySlope([1, 2, 3])).toThrow('expected 15 measurements at least, got 3');
  });
});
