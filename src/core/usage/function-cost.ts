import type { UsageHost } from './host-usage.ts';
import type { Prices } from './prices.ts';
import type { UsageRow } from './usage-row.ts';

/**
 * What calls cost on AWS Lambda behind API Gateway, in USD, on demand and without free use: time, and requests at both.
 */
export function functionCost(
  { gbSeconds, requests, failed }: Pick<UsageRow, 'gbSeconds' | 'requests' | 'failed'>,
  architecture: UsageHost['architecture'],
  { lambda, apiMillionRequests }: Prices,
): number {
  const asked = (requests + failed) / 1e6;
  return gbSeconds * lambda.gbSecond[architecture] + asked * (lambda.millionRequests + apiMillionRequests);
}
