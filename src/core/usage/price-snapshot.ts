import type { Prices } from './prices.ts';

/**
 * Prices of the day on which they were read; `tensorgate prices refresh` gets newer ones.
 *
 * Sources: AWS Lambda Power Tuning's table for Lambda; ten agreeing public price tables for the instances; AWS's
 * pricing page of API Gateway; for Fargate, three agreeing public tables (Vantage, Wring, CloudBurn, 2025 and 2026),
 * Linux.
 */
export const priceSnapshot: Prices = {
  date: '2026-11-23',
  region: 'us-east-1',
  source: 'the snapshot that this version brings',
  lambda: { gbSecond: { x86_64: 0.0000166667, arm64: 0.0000133334 }, millionRequests: 0.2 },
  apiMillionRequests: 3.5,
  fargate: { vcpuHour: { x86_64: 0.04048, arm64: 0.03238 }, gbHour: { x86_64: 0.004445, arm64: 0.00356 } },
  instanceHour: { 'g4dn.xlarge': 0.526, 'g6.xlarge': 0.8048, 'g5.xlarge': 1.006, 'g6e.xlarge': 1.861 },
};
