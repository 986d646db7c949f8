import { describe, expect, test } from '@jest/globals';
import { timeoutHeader } from '../../src/http/timeout-header.ts';

describe('timeoutHeader', () => {
  const timeout = (header: string | undefined) => timeoutHeader({ 'x-request-timeout-ms': header });

  test('is in milliseconds; without the header there is none', () => {
    expect(timeout('1.5')).toEqual({ ms: 1.5, source: 'header X-Request-Timeout-Ms' });
    expect(timeout(undefined)).toBeUndefined();
  });

  test.each(['0', '-1', 'soon', '', '1e3'])('refuses %j', (header) => {
    expect(() => timeout(header)).toThrow('X-Request-Timeout-Ms: expected milliseconds');
  });
});
