import { type FargateTask, fargateHour, fargateTask } from './fargate-task.ts';
import { functionCost } from './function-cost.ts';
import type { HostUsage } from './host-usage.ts';
import type { Prices } from './prices.ts';
import { sumUsage } from './sum-usage.ts';

/** What the same load would cost on a kind of host. */
export interface HostCost {
  readonly host: string;
  /** How many would run all day; of functions, which run as they are asked, none. */
  readonly count?: number;
  readonly usd: number;
  readonly usdADay: number;
  /** Requests a day from which on it is cheaper than functions on x86_64; of functions, nothing. */
  readonly breakEven?: number;
}

/** The part of a machine's processors that a load may take over a day, for its peaks have to fit as well. */
const mostBusy = 0.6;
/** Of the instances in the prices: all are the smallest of their family. */
const instanceVcpus = 4;

/**
 * What a load would have cost on functions, on Fargate and on instances with a GPU, cheapest first; nothing where there
 * was none.
 *
 * Machines run all day, as many as the time needs that was worked, at 60 % of their processors. A GPU counts as no
 * quicker than the host on which the load was counted: where it is, fewer do.
 */
export function compareHosts(usages: readonly HostUsage[], prices: Prices): readonly HostCost[] {
  const [load] = sumUsage(usages, []);
  if (!load || load.requests === 0 || load.ms === 0) return [];
  const days = new Set(usages.filter(({ rows }) => rows.length > 0).map(({ day }) => day)).size;
  const busy = load.ms / (days * 86_400_000);
  const perRequest = functionCost(load, 'x86_64', prices) / load.requests;
  const machines = (host: string, vcpus: number, hour: number): HostCost => {
    const count = Math.max(1, Math.ceil(busy / (vcpus * mostBusy)));
    const usdADay = count * hour * 24;
    return { host, count, usd: usdADay * days, usdADay, breakEven: Math.ceil((hour * 24) / perRequest) };
  };
  const functions = (['x86_64', 'arm64'] as const).map((architecture): HostCost => {
    const usd = functionCost(load, architecture, prices);
    return { host: `Lambda, ${architecture}`, usd, usdADay: usd / days };
  });
  const task = fargateTask(1, load.gbSeconds / (load.ms / 1000));
  const tasks = (['x86_64', 'arm64'] as const).map((architecture) =>
    machines(`Fargate, ${architecture}, ${sizeOf(task)}`, task.vcpus, fargateHour(task, architecture, prices)),
  );
  const instances = Object.entries(prices.instanceHour).map(([type, hour]) =>
    machines(`EC2 ${type}`, instanceVcpus, hour),
  );
  return [...functions, ...tasks, ...instances].sort((a, b) => a.usd - b.usd);
}

function sizeOf({ vcpus, gigabytes }: FargateTask): string {
  return `${vcpus} vCPU, ${gigabytes} GB`;
}
