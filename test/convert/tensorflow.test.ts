import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ConversionSuite } from './conversion-suite.ts';

// The first makes an environment, of more than a gigabyte.
jest.setTimeout(1_800_000);

let suite: ConversionSuite;
beforeAll(async () => {
  suite = await ConversionSuite.trained('tensorflow');
});
afterAll(() => suite.end());

const sources = { network: 'network.keras', saved: 'saved' };

test('models of Keras and TensorFlow are converted, and served they answer as their framework did', async () => {
  for (const [name, source] of Object.entries(sources)) {
    const { code, stderr } = await suite.convert(source, name);
    expect([name, code, stderr]).toEqual([name, 0, expect.stringMatching(/gate: \d+ random samples answered as/)]);
  }
  const differences = await suite.served(sources);
  for (const [name, difference] of Object.entries(differences)) expect([name, difference < 1e-5]).toEqual([name, true]);
});

test.each([
  ['network', 'other-weights', 'other-answers'],
  ['saved', 'fixed-batch', 'lost-free-dimension'],
] as const)('of the %s a conversion with the fault %s is refused', async (name, fault, finding) => {
  const { code, stderr } = await suite.convertWrongly(sources[name], fault);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`: ${finding}: `)]);
});

test('layers that are code are not loaded', async () => {
  const { code, stderr } = await suite.convert('lambda.keras', 'lambda');
  expect([code, stderr]).toEqual([1, expect.stringContaining('Lambda')]);
});
