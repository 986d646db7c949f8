import type { HostCost } from '../src/core/usage/compare-hosts.ts';
import type { Prices } from '../src/core/usage/prices.ts';
import type { UsageKey, UsageSum } from '../src/core/usage/sum-usage.ts';
import { printTable } from './print-table.ts';

export interface PrintedUsage {
  readonly models: string;
  /** The first and the last. */
  readonly days: readonly string[];
  readonly sums: readonly UsageSum[];
  readonly columns: readonly UsageKey[];
  /** What it cost, where that was asked for. */
  readonly priced?: { readonly prices: Prices; readonly hosts: readonly HostCost[] } | undefined;
}

const staleMs = 180 * 86_400_000;

/** Prints usage as a table, and with prices what the load would cost elsewhere. */
export function printUsage({ models, days, sums, columns, priced }: PrintedUsage): void {
  if (sums.length === 0) {
    console.log(`no usage of ${models} from ${days.join(' to ')}; tensorgate serve --usage always counts it`);
    return;
  }
  const titles = columns.map((column) => (column === 'caller' ? 'KEY' : column.toUpperCase()));
  printTable(
    [
      ...titles,
      'REQUESTS',
      'FAILED',
      'ITEMS',
      'TOKENS IN',
      'TOKENS OUT',
      'SECONDS',
      'GB-SECONDS',
      ...(priced ? ['USD'] : []),
    ],
    sums.map((sum) => [
      ...columns.map((column) => sum[column] || '-'),
      ...[sum.requests, sum.failed, sum.items, sum.inputTokens, sum.outputTokens].map(String),
      (sum.ms / 1000).toFixed(3),
      sum.gbSeconds.toFixed(3),
      ...(priced ? [usd(sum.usd)] : []),
    ]),
  );
  if (priced) printHosts(priced.hosts, priced.prices);
}

function printHosts(hosts: readonly HostCost[], { date, region, source }: Prices): void {
  if (hosts.length > 0) {
    console.log('\nThe same load elsewhere:');
    printTable(
      ['HOST', 'COUNT', 'USD', 'USD A DAY', 'CHEAPER THAN LAMBDA FROM'],
      hosts.map(({ host, count, usd: all, usdADay, breakEven }) => [
        host,
        count === undefined ? '-' : String(count),
        usd(all),
        usd(usdADay),
        breakEven === undefined ? '-' : `${breakEven} requests a day`,
      ]),
    );
  }
  console.log(
    `\nPrices of ${date}, ${region} (${source}), without free use and discounts. Machines run all day, at most 60 % busy; a GPU counts as no quicker than the host that counted.`,
  );
  if (Date.now() - Date.parse(date) > staleMs)
    console.error(`the prices are of ${date}: tensorgate prices refresh gets those of today`);
}

function usd(value: number): string {
  return value === 0 || value >= 0.01 ? value.toFixed(2) : value.toPrecision(2);
}
