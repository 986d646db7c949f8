import { fargateHour, fargateTask } from './fargate-task.ts';
import { functionCost } from './function-cost.ts';
import type { HostUsage } from './host-usage.ts';
import type { Prices } from './prices.ts';
import type { CostOf } from './sum-usage.ts';

const hourMs = 3_600_000;

/**
 * What rows of usage cost. Of functions: their time and requests. Of a server: its hours, shared out by how long it
 * worked for each row, so that idle hours are paid for by those for whom it runs.
 *
 * @param serverHour USD of a server's hour. @default what a task of Fargate of its size costs
 */
export function costOf(prices: Prices, serverHour?: number): CostOf {
  const worked = new WeakMap<HostUsage, number>();
  return (usage, row) => {
    const { host, from, to, rows } = usage;
    if (host.kind === 'lambda') return functionCost(row, host.architecture, prices);
    const ms = worked.get(usage) ?? rows.reduce((sum, each) => sum + each.ms, 0);
    worked.set(usage, ms);
    const hour = serverHour ?? fargateHour(fargateTask(host.vcpus, host.gigabytes), host.architecture, prices);
    const hours = (Date.parse(to) - Date.parse(from)) / hourMs;
    return ms === 0 ? 0 : hour * hours * (row.ms / ms);
  };
}
