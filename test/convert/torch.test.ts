import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ConversionSuite } from './conversion-suite.ts';

// The first makes an environment, of some gigabytes.
jest.setTimeout(1_800_000);

let suite: ConversionSuite;
beforeAll(async () => {
  suite = await ConversionSuite.trained('torch');
});
afterAll(() => suite.end());

const sources = { program: 'program.pt2', module: 'module.pt', texts: 'texts', pictures: 'pictures' };

function wordsFor(name: string): readonly string[] {
  if (name !== 'module') return [];
  return ['--trust-pickle', '--code', suite.path('code'), '--samples', suite.path('module.jsonl')];
}

test('models of PyTorch and Hugging Face are converted, and served they answer as their framework did', async () => {
  for (const [name, source] of Object.entries(sources)) {
    const { code, stderr } = await suite.convert(source, name, ...wordsFor(name));
    expect([name, code, stderr]).toEqual([name, 0, expect.stringMatching(/gate: \d+ (random )?samples answered as/)]);
  }
  const differences = await suite.served(sources);
  for (const [name, difference] of Object.entries(differences)) expect([name, difference < 1e-5]).toEqual([name, true]);
  expect(await readdir(suite.path('repository/texts/1'))).toEqual([
    'config.json',
    'manifest.json',
    'model.onnx',
    'samples.jsonl',
  ]);
});

test.each([
  ['program', 'other-weights', 'other-answers'],
  ['module', 'fixed-batch', 'lost-free-dimension'],
  ['texts', 'other-weights', 'other-answers'],
] as const)('of the %s a conversion with the fault %s is refused', async (name, fault, finding) => {
  const { code, stderr } = await suite.convertWrongly(sources[name], fault, ...wordsFor(name));
  expect([code, stderr]).toEqual([2, expect.stringContaining(`: ${finding}: `)]);
});

test('weights without a network, and a module without its class, are refused with what to do', async () => {
  expect((await suite.convert('weights.pt', 'w', '--trust-pickle')).stderr).toContain('torch.export.save(');
  expect((await suite.convert('module.pt', 'm', '--trust-pickle')).stderr).toContain("module 'tiny_network'");
});
