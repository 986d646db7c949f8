import { Command, InvalidArgumentError, Option } from 'commander';
import type { HostUsage } from '../src/core/usage/host-usage.ts';
import type { UsageKey } from '../src/core/usage/sum-usage.ts';
import { checkRepository } from './check-repository.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { type PeriodOptions, periodOf, withPeriod } from './period-options.ts';
import { printUsage } from './print-usage.ts';

interface UsageOptions extends PeriodOptions {
  readonly models: string;
  readonly by: keyof typeof groups;
  readonly cost: boolean;
  readonly serverPrice?: number;
  readonly json: boolean;
}

const groups = {
  key: ['caller', 'model', 'version'],
  model: ['model', 'version'],
  day: ['day'],
} as const satisfies Record<string, readonly UsageKey[]>;
const periodDays = 30;

/** `tensorgate usage`: who has used what, and what it cost. */
export function usageCommand(): Command {
  const command = new Command('usage')
    .description('what callers have used of the models of a repository, as its hosts counted it, by days of UTC')
    .addOption(modelsOption())
    .addOption(
      new Option('--by <what>', 'add up by key and model, by model, or by day')
        .choices(Object.keys(groups))
        .default('key'),
    )
    .option('--cost', 'what it cost, what it would cost on other hosts, and from how many requests on', false)
    .option('--server-price <usd>', "USD of a server's hour; without it, of a task of Fargate of its size", price)
    .addOption(jsonOption());
  return withPeriod(command, periodDays).action(usage);
}

async function usage({ models, by, cost, serverPrice, json, ...period }: UsageOptions): Promise<void> {
  const days = periodOf(period, periodDays);
  const [{ openRepositoryFolder }, { UsageReader }, { sumUsage }] = await Promise.all([
    import('../src/adapters/open-repository-folder.ts'),
    import('../src/adapters/usage/usage-reader.ts'),
    import('../src/core/usage/sum-usage.ts'),
  ]);
  await checkRepository(models);
  const store = openRepositoryFolder(models, '.usage');
  const usages = await new UsageReader(store).read(...days);
  const priced = cost ? await costs(usages, store, serverPrice) : undefined;
  const sums = sumUsage(usages, groups[by], priced?.costOf);
  if (!json) return printUsage({ models, days, sums, columns: groups[by], priced });
  const { prices, hosts } = priced ?? {};
  const rows = sums.map(({ usd, ...sum }) => ({ ...sum, ...(priced && { usd }) }));
  console.log(JSON.stringify({ from: days[0], to: days[1], usage: rows, ...(priced && { prices, hosts }) }, null, 2));
}

async function costs(
  usages: readonly HostUsage[],
  store: Parameters<typeof import('../src/adapters/usage/current-prices.ts').currentPrices>[0],
  serverPrice: number | undefined,
) {
  const [{ currentPrices }, { costOf }, { compareHosts }] = await Promise.all([
    import('../src/adapters/usage/current-prices.ts'),
    import('../src/core/usage/cost-of.ts'),
    import('../src/core/usage/compare-hosts.ts'),
  ]);
  const prices = await currentPrices(store);
  return { prices, costOf: costOf(prices, serverPrice), hosts: compareHosts(usages, prices) };
}

function price(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected USD an hour, such as 0.526.');
}
