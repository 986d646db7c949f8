import { priceSnapshot } from '../../core/usage/price-snapshot.ts';
import type { Prices } from '../../core/usage/prices.ts';
import { utcDay } from '../../core/utc-day.ts';
import { instancePrices } from './instance-prices.ts';
import { type PriceList, priceIn } from './price-in.ts';

/** Where AWS keeps its public price list; nobody needs credentials for it. */
export const priceListUrl = 'https://pricing.us-east-1.amazonaws.com';

const silenceMs = 60_000;

/**
 * The prices of a region as AWS lists them today, by its Price List Bulk API: of Lambda, API Gateway, Fargate, and the
 * instances with a GPU that the snapshot has. That of EC2 is some hundred megabytes, of which none is kept.
 *
 * Rejects where it cannot be read, or has no such price: with an Error that says which.
 */
export async function fetchPrices(region: string, base: string, now = new Date()): Promise<Prices> {
  const ask = async (service: string, format: 'json' | 'csv') => {
    const url = `${base}/offers/v1.0/aws/${service}/current/${region}/index.${format}`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(silenceMs * (format === 'csv' ? 20 : 1)) }).catch(
      (cause) => {
        throw new Error(`the price list at ${url} cannot be read: ${cause.cause?.message ?? cause.message}`, { cause });
      },
    );
    if (!answer.ok || !answer.body)
      throw new Error(`the price list at ${url} answers ${answer.status}: is '${region}' a region of AWS?`);
    return answer;
  };
  const list = async (service: string) => (await (await ask(service, 'json')).json()) as PriceList;
  const [lambda, api, containers] = await Promise.all([list('AWSLambda'), list('AmazonApiGateway'), list('AmazonECS')]);
  const types = Object.keys(priceSnapshot.instanceHour);
  const { body } = await ask('AmazonEC2', 'csv');
  const fargate = (usage: string) => priceIn(containers, 'usagetype', new RegExp(`^([A-Z]+[0-9]+-)?Fargate-${usage}$`));
  return {
    date: utcDay(now),
    region,
    source: "AWS's public price list",
    lambda: {
      gbSecond: {
        x86_64: priceIn(lambda, 'group', /^AWS-Lambda-Duration$/),
        arm64: priceIn(lambda, 'group', /^AWS-Lambda-Duration-ARM$/),
      },
      millionRequests: priceIn(lambda, 'group', /^AWS-Lambda-Requests$/) * 1e6,
    },
    apiMillionRequests: priceIn(api, 'usagetype', /^([A-Z]+[0-9]+-)?ApiGatewayRequest$/) * 1e6,
    fargate: {
      vcpuHour: { x86_64: fargate('vCPU-Hours:perCPU'), arm64: fargate('ARM-vCPU-Hours:perCPU') },
      gbHour: { x86_64: fargate('GB-Hours'), arm64: fargate('ARM-GB-Hours') },
    },
    instanceHour: await instancePrices(body as ReadableStream<Uint8Array>, types),
  };
}
