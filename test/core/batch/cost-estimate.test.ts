import { expect, test } from '@jest/globals';
import { costEstimate } from '../../../src/core/batch/cost-estimate.ts';

test('time by memory and architecture, and a request for each invocation and the last step', () => {
  const estimate = costEstimate([
    { memoryMb: 1024, architecture: 'x86_64', seconds: 10 },
    { memoryMb: 2048, architecture: 'x86_64', seconds: 100 },
    { memoryMb: 1024, architecture: 'arm64', seconds: 1000 },
  ]);
  // 210 GB-seconds at 0.0000166667, 1000 at 0.0000133334, 4 requests at 0.0000002.
  expect(estimate).toEqual({
    usd: 0.01683,
    gbSeconds: 1210,
    requests: 4,
    basis: expect.stringContaining('us-east-1, without free use and discounts: $0.0000166667 a GB-second on x86_64'),
  });
});

test('of a machine of one’s own there is none', () => {
  expect(costEstimate([])).toBeUndefined();
});
