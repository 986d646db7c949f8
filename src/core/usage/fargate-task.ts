import type { UsageHost } from './host-usage.ts';
import type { Prices } from './prices.ts';

/** A task of AWS Fargate. */
export interface FargateTask {
  readonly vcpus: number;
  readonly gigabytes: number;
}

/**
 * Sizes that there are: vCPUs, least and most gigabytes. Source: AWS, "Amazon ECS task definition parameters for
 * Fargate", without halves of a vCPU.
 */
const sizes = [
  [1, 2, 8],
  [2, 4, 16],
  [4, 8, 30],
  [8, 16, 60],
  [16, 32, 120],
] as const;

/** The smallest task with so many vCPUs and gigabytes; of what none has, the largest. */
export function fargateTask(vcpus: number, gigabytes: number): FargateTask {
  const fitting = sizes.find(([cpus, , most]) => cpus >= vcpus && most >= gigabytes) ?? sizes[4];
  const [cpus, least, most] = fitting;
  return { vcpus: cpus, gigabytes: Math.min(most, Math.max(least, Math.ceil(gigabytes))) };
}

/** USD of an hour of a task. */
export function fargateHour(
  { vcpus, gigabytes }: FargateTask,
  architecture: UsageHost['architecture'],
  { fargate }: Prices,
): number {
  return vcpus * fargate.vcpuHour[architecture] + gigabytes * fargate.gbHour[architecture];
}
