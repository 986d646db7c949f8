import { expect, test } from '@jest/globals';
import { traceHttp } from '../../../src/adapters/tracing/trace-http.ts';

test.each([
  [200, undefined, undefined],
  [404, new Error('no such model'), undefined],
  [500, new Error('broken'), 'broken'],
  // Its head had left before it failed.
  [200, new Error('out of luck'), 'out of luck'],
])('an answer of %i that ended with %p is a fault where it is one', (status, error, fault) => {
  const ends: object[] = [];
  const ids = { trace_id: 'a', span_id: 'b' };
  const tracer = {
    begin: () => ({ ids, traceparent: 'c', end: (end: object) => void ends.push(end) }),
    close: async () => {},
  };
  const trace = traceHttp(tracer, () => undefined);
  const request = { method: 'POST', path: '/v1/completions', headers: {}, requestId: 'r', startedMs: 0 };
  trace(request)?.end({ status, headers: [], body: [] }, error);
  expect(ends).toEqual([
    {
      attributes: {
        'http.response.status_code': status,
        ...(fault && { 'error.type': status === 500 ? '500' : 'broken_stream' }),
      },
      ...(fault && { fault }),
      stages: [],
    },
  ]);
});
