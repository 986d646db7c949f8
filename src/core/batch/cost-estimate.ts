import type { LambdaUse } from './lambda-use.ts';

/** What a job cost, about. */
export interface CostEstimate {
  readonly usd: number;
  readonly gbSeconds: number;
  readonly requests: number;
  /** What is counted, and at which prices. */
  readonly basis: string;
}

// Source: AWS, "AWS Lambda Pricing", US East (N. Virginia), the first tier.
const usdAGbSecond = { x86_64: 0.0000166667, arm64: 0.0000133334 };
const usdAMillionRequests = 0.2;

const basis =
  'AWS Lambda on demand, us-east-1, without free use and discounts: ' +
  `$${usdAGbSecond.x86_64.toFixed(10)} a GB-second on x86_64, $${usdAGbSecond.arm64.toFixed(10)} on arm64, ` +
  `$${usdAMillionRequests} a million requests. Planning and the tries of shards that succeeded are counted; ` +
  'starts, tries that failed, Step Functions and S3 are not.';

/**
 * What the invocations that planned a job and did its shards cost; one more finishes it. Undefined where there were
 * none: a machine of one's own.
 */
export function costEstimate(uses: readonly LambdaUse[]): CostEstimate | undefined {
  if (uses.length === 0) return undefined;
  const requests = uses.length + 1;
  const gbSeconds = uses.reduce((sum, use) => sum + gb(use), 0);
  const time = uses.reduce((sum, use) => sum + gb(use) * usdAGbSecond[use.architecture], 0);
  const usd = time + (requests * usdAMillionRequests) / 1e6;
  return { usd: Number(usd.toPrecision(4)), gbSeconds: Number(gbSeconds.toPrecision(6)), requests, basis };
}

function gb({ memoryMb, seconds }: LambdaUse): number {
  return (memoryMb / 1024) * seconds;
}
