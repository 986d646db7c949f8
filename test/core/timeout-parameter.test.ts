import { describe, expect, test } from '@jest/globals';
import { timeoutParameter } from '../../src/core/timeout-parameter.ts';

describe('timeoutParameter', () => {
  test('is in microseconds; 0 is none', () => {
    expect(timeoutParameter({ timeout: 1 })).toEqual({ ms: 0.001, source: "parameter 'timeout'" });
    expect(timeoutParameter({ timeout: 0 })).toBeUndefined();
    expect(timeoutParameter({})).toBeUndefined();
  });

  test.each(['5', -1, true])('refuses %j', (timeout) => {
    expect(() => timeoutParameter({ timeout })).toThrow("parameter 'timeout': expected microseconds");
  });
});
