import { Command } from 'commander';
import type { Prices } from '../src/core/usage/prices.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { printTable } from './print-table.ts';

interface PricesOptions {
  readonly models: string;
  readonly json: boolean;
}

interface RefreshOptions {
  readonly models: string;
  readonly region: string;
  readonly priceList?: string;
}

/** `tensorgate prices`: what AWS asks for, as costs are reckoned by. */
export function pricesCommand(): Command {
  return new Command('prices')
    .description('the prices of AWS that costs are reckoned by')
    .addCommand(
      new Command('show')
        .description('print those that count for a model repository: of its own, or those that this version brings')
        .addOption(modelsOption())
        .addOption(jsonOption())
        .action(show),
    )
    .addCommand(
      new Command('refresh')
        .description("read those of today from AWS's public price list, and keep them in a model repository")
        .addOption(modelsOption())
        .option('--region <name>', 'the region of AWS', 'us-east-1')
        .option('--price-list <url>', "where the price list is, in place of AWS's own")
        .action(refresh),
    );
}

async function show({ models, json }: PricesOptions): Promise<void> {
  const { currentPrices } = await import('../src/adapters/usage/current-prices.ts');
  const prices = await currentPrices(await openUsage(models));
  if (json) console.log(JSON.stringify(prices, null, 2));
  else print(prices);
}

async function refresh({ models, region, priceList }: RefreshOptions): Promise<void> {
  const [{ fetchPrices, priceListUrl }, { pricesFile }, { recordedChange }] = await Promise.all([
    import('../src/adapters/usage/fetch-prices.ts'),
    import('../src/adapters/usage/current-prices.ts'),
    import('../src/adapters/audit/recorded-change.ts'),
  ]);
  console.error(`reading the prices of ${region}; the list of EC2 is some hundred megabytes`);
  const prices = await fetchPrices(region, priceList ?? priceListUrl);
  const store = await openUsage(models);
  await recordedChange(models, { action: 'prices', details: { region, date: prices.date } }, async () => {
    await store.replace(pricesFile, Buffer.from(`${JSON.stringify(prices, null, 2)}\n`));
    return {};
  });
  print(prices);
}

function print({ date, region, source, lambda, apiMillionRequests, fargate, instanceHour }: Prices): void {
  const both = (name: string, unit: string, { x86_64, arm64 }: { x86_64: number; arm64: number }) => [
    [`${name}, x86_64`, String(x86_64), unit],
    [`${name}, arm64`, String(arm64), unit],
  ];
  printTable(
    ['WHAT', 'USD', 'FOR'],
    [
      ...both('Lambda', 'a GB-second', lambda.gbSecond),
      ['Lambda', lambda.millionRequests.toFixed(2), 'a million requests'],
      ['API Gateway, REST', apiMillionRequests.toFixed(2), 'a million requests'],
      ...both('Fargate', 'a vCPU-hour', fargate.vcpuHour),
      ...both('Fargate', 'a GB-hour', fargate.gbHour),
      ...Object.entries(instanceHour).map(([type, usd]) => [`EC2 ${type}`, String(usd), 'an hour']),
    ],
  );
  console.log(`of ${date}, ${region}: ${source}`);
}

async function openUsage(models: string) {
  const { openRepositoryFolder } = await import('../src/adapters/open-repository-folder.ts');
  return openRepositoryFolder(models, '.usage');
}
