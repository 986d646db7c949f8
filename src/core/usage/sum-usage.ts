import type { HostUsage } from './host-usage.ts';
import { type UsageRow, usageCounters } from './usage-row.ts';

/** What of a row tells groups apart: by these, and no others. */
export type UsageKey = 'caller' | 'model' | 'version' | 'day';

/** Counters of a group, with what tells it from others; what does not is absent. */
export type UsageSum = Readonly<Pick<UsageRow, (typeof usageCounters)[number]>> & {
  readonly [Key in UsageKey]?: string;
} & {
  /** What it cost; 0 where nobody asked. */
  readonly usd: number;
};

/** What a row of a host's day cost, in USD. */
export type CostOf = (usage: HostUsage, row: UsageRow) => number;

/** What hosts have counted, and what it cost, added up by the keys of `by`, in their order. */
export function sumUsage(
  usages: readonly HostUsage[],
  by: readonly UsageKey[],
  costOf: CostOf = () => 0,
): readonly UsageSum[] {
  const sums = new Map<string, Record<string, number | string>>();
  for (const usage of usages) {
    const { day } = usage;
    for (const row of usage.rows) {
      const named = { day, caller: row.caller, model: row.model, version: row.version };
      const keys = Object.fromEntries(by.map((key) => [key, named[key]]));
      const name = JSON.stringify(keys);
      const sum = sums.get(name) ?? { ...keys, ...noCounts, usd: 0 };
      for (const counter of usageCounters) (sum[counter] as number) += row[counter];
      (sum.usd as number) += costOf(usage, row);
      sums.set(name, sum);
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum as unknown as UsageSum);
}

const noCounts = Object.fromEntries(usageCounters.map((counter) => [counter, 0]));
