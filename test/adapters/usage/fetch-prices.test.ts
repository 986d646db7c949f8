import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fetchPrices } from '../../../src/adapters/usage/fetch-prices.ts';

const term = (sku: string, ...tiers: [string, string][]) => ({
  [`${sku}.JRTCKXETXF`]: {
    priceDimensions: Object.fromEntries(
      tiers.map(([beginRange, USD], i) => [`${sku}.${i}`, { beginRange, pricePerUnit: { USD } }]),
    ),
  },
});
const list = (products: [sku: string, attributes: Record<string, string>, ...tiers: [string, string][]][]) => ({
  products: Object.fromEntries(products.map(([sku, attributes]) => [sku, { sku, attributes }])),
  terms: { OnDemand: Object.fromEntries(products.map(([sku, , ...tiers]) => [sku, term(sku, ...tiers)])) },
});
const files: Record<string, object | string> = {
  AWSLambda: list([
    ['F', { group: 'AWS-Lambda-Duration', location: 'Any' }, ['0', '0.0000000000']],
    ['A', { group: 'AWS-Lambda-Duration', location: 'EU' }, ['6000000000', '0.00001'], ['0', '0.00002']],
    ['B', { group: 'AWS-Lambda-Duration-ARM', location: 'EU' }, ['0', '0.000015']],
    ['C', { group: 'AWS-Lambda-Requests', location: 'EU' }, ['0', '0.0000003']],
    ['D', { group: 'AWS-Lambda-Provisioned-Concurrency', location: 'EU' }, ['0', '9']],
  ]),
  AmazonApiGateway: list([
    ['H', { usagetype: 'EUC1-ApiGatewayHttpRequest' }, ['0', '0.000001']],
    ['R', { usagetype: 'EUC1-ApiGatewayRequest' }, ['333000000', '0.000003'], ['0', '0.0000037']],
  ]),
  AmazonECS: list([
    ['W', { usagetype: 'EUC1-Fargate-Windows-vCPU-Hours:perCPU' }, ['0', '9']],
    ['V', { usagetype: 'EUC1-Fargate-vCPU-Hours:perCPU' }, ['0', '0.04656']],
    ['G', { usagetype: 'EUC1-Fargate-GB-Hours' }, ['0', '0.00511']],
    ['X', { usagetype: 'EUC1-Fargate-ARM-vCPU-Hours:perCPU' }, ['0', '0.03725']],
    ['Y', { usagetype: 'EUC1-Fargate-ARM-GB-Hours' }, ['0', '0.00409']],
  ]),
  AmazonEC2: [
    '"FormatVersion","v1.0"',
    '"Disclaimer","a, b"',
    '"SKU","TermType","Unit","PricePerUnit","Instance Type","Tenancy","Operating System","Pre Installed S/W","CapacityStatus"',
    ...[
      ['Reserved', 'Hrs', '0.1', 'g4dn.xlarge', 'Shared', 'Linux', 'NA', 'Used'],
      ['OnDemand', 'Hrs', '0.658', 'g4dn.xlarge', 'Shared', 'Linux', 'NA', 'Used'],
      ['OnDemand', 'Hrs', '0.842', 'g4dn.xlarge', 'Shared', 'Windows', 'NA', 'Used'],
      ['OnDemand', 'Hrs', '0', 'g4dn.xlarge', 'Shared', 'Linux', 'NA', 'AllocatedCapacityReservation'],
      ['OnDemand', 'Hrs', '3', 'm5.xlarge', 'Shared', 'Linux', 'NA', 'Used'],
    ].map((cells) => ['S', ...cells].map((cell) => `"${cell}"`).join(',')),
    '',
  ].join('\r\n'),
};

let server: Server;
let base = '';
let asked: string[] = [];
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    asked.push(url);
    const [, service = '', region] = /^\/offers\/v1\.0\/aws\/(\w+)\/current\/([\w-]+)\//.exec(url) ?? [];
    const file = region === 'eu-central-1' ? files[service] : undefined;
    response.writeHead(file ? 200 : 403);
    response.end(typeof file === 'object' ? JSON.stringify(file) : file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('reads the prices of a region out of the public list', async () => {
  asked = [];
  expect(await fetchPrices('eu-central-1', base, new Date('2026-12-01T08:00:00Z'))).toEqual({
    date: '2026-12-01',
    region: 'eu-central-1',
    source: "AWS's public price list",
    lambda: { gbSecond: { x86_64: 0.00002, arm64: 0.000015 }, millionRequests: expect.closeTo(0.3, 9) },
    apiMillionRequests: expect.closeTo(3.7, 9),
    fargate: { vcpuHour: { x86_64: 0.04656, arm64: 0.03725 }, gbHour: { x86_64: 0.00511, arm64: 0.00409 } },
    instanceHour: { 'g4dn.xlarge': 0.658 },
  });
  expect(asked.at(-1)).toBe('/offers/v1.0/aws/AmazonEC2/current/eu-central-1/index.csv');
});

test('says what it cannot read', async () => {
  await expect(fetchPrices('mars-1', base)).rejects.toThrow(/answers 403: is 'mars-1' a region of AWS\?/);
  await expect(fetchPrices('eu-central-1', 'http://127.0.0.1:1')).rejects.toThrow(/cannot be read: bad port/);
  const { AmazonECS } = files;
  files.AmazonECS = list([]);
  await expect(fetchPrices('eu-central-1', base)).rejects.toThrow('the price list has nothing whose usagetype is');
  files.AmazonECS = AmazonECS as object;
});
