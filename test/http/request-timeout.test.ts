import { describe, expect, test } from '@jest/globals';
import { requestTimeout } from '../../src/http/request-timeout.ts';

describe('requestTimeout', () => {
  const timeout = (header: string | undefined, parameter: string | number | boolean | undefined) =>
    requestTimeout({ 'x-request-timeout-ms': header }, parameter === undefined ? {} : { timeout: parameter });

  test('is the shorter of header and parameter, and says which; without either there is none', () => {
    expect(timeout('5', 2000)).toEqual({ ms: 2, source: "parameter 'timeout'" });
    expect(timeout('1.5', 2000)).toEqual({ ms: 1.5, source: 'header X-Request-Timeout-Ms' });
    expect(timeout('1.5', 0)).toEqual({ ms: 1.5, source: 'header X-Request-Timeout-Ms' });
    expect(timeout(undefined, 1)).toEqual({ ms: 0.001, source: "parameter 'timeout'" });
    expect(timeout(undefined, undefined)).toBeUndefined();
  });

  test.each(['0', '-1', 'soon', '', '1e3'])('refuses the header %j', (header) => {
    expect(() => timeout(header, undefined)).toThrow('X-Request-Timeout-Ms: expected milliseconds');
  });

  test.each(['5', -1, true])('refuses the parameter %j', (parameter) => {
    expect(() => timeout(undefined, parameter)).toThrow("parameter 'timeout': expected microseconds");
  });
});
