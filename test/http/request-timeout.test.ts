import { describe, expect, test } from '@jest/globals';
import { requestTimeoutMs } from '../../src/http/request-timeout.ts';

describe('requestTimeoutMs', () => {
  const timeout = (header: string | undefined, parameter: string | number | boolean | undefined) => {
    const gone = () => new AbortController().signal;
    const request = {
      method: 'POST',
      path: '/',
      headers: { 'x-request-timeout-ms': header },
      body: new Uint8Array(),
      requestId: 'r',
      gone,
    };
    return requestTimeoutMs(request, { parameters: parameter === undefined ? {} : { timeout: parameter }, inputs: [] });
  };

  test('is the shorter of header and parameter; without either there is none', () => {
    expect(timeout('5', 2000)).toBe(2);
    expect(timeout('1.5', 0)).toBe(1.5);
    expect(timeout(undefined, undefined)).toBe(Number.POSITIVE_INFINITY);
  });

  test.each(['0', '-1', 'soon', '', '1e3'])('refuses the header %j', (header) => {
    expect(() => timeout(header, undefined)).toThrow('X-Request-Timeout-Ms: expected milliseconds');
  });

  test.each(['5', -1, true])('refuses the parameter %j', (parameter) => {
    expect(() => timeout(undefined, parameter)).toThrow("parameter 'timeout': expected microseconds");
  });
});
