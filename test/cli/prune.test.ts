import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { cutOut } from '../../cli/cut-out.ts';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCli } from '../fakes/run-cli.ts';
import { runCommand } from '../fakes/run-command.ts';
import { smallTransformer } from '../fakes/small-transformer.ts';

jest.setTimeout(120_000);

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-prune-'));
  await writeFile(file('shares.onnx'), buildOnnx(smallTransformer({ layers: 3, classes: 3 })));
  await writeFile(file('vectors.onnx'), buildOnnx(smallTransformer({ layers: 3 })));
  const random = seededRandom(7);
  const lines = Array.from({ length: 100 }, (_line, place) => {
    const ids = Array.from({ length: 3 + (place % 3) }, () => Math.floor(20 * random()));
    return JSON.stringify({ inputs: { ids: [ids] } });
  });
  await writeFile(file('samples.jsonl'), lines.join('\n'));
  const labels = Array.from({ length: 100 }, (_label, place) => place % 3);
  await writeFile(file('labels.csv'), ['label', ...labels].join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

const wordsOf = (model: string, ...words: string[]) => [
  'prune',
  file(`${model}.onnx`),
  ...['--name', model, '--samples', file('samples.jsonl'), '--models', file('repository'), '--json'],
  ...['--latency-ratio', '0', '--task', file('labels.csv'), '--loss-points', '100'],
  ...words,
];
const prune = (model: string, ...words: string[]) => runCommand(...wordsOf(model, ...words));
const made = async (model: string, version: number) =>
  JSON.parse(await readFile(file(`repository/${model}/${version}/manifest.json`), 'utf8')).made;

test('layers and heads go, and the softmax head is fitted anew to what the source says', async () => {
  const words = ['--layers', '2', '--heads', '0.25'];
  expect(await prune('shares', ...words)).toMatchObject({ code: 0, stderr: '' });
  const { code, stdout, stderr } = await prune('shares', ...words, '--refit');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const told = JSON.parse(stdout);
  expect(told.bytes).toBeLessThan(0.8 * told.sourceBytes);
  const [plain, refitted] = [await made('shares', 1), await made('shares', 2)];
  const passes = ['layers 1, 3 of 3', '6 of 8 attention heads, in 2 layers'];
  expect(plain).toMatchObject({ by: 'prune', passes, samples: { count: 100 } });
  expect(plain.training).toBeUndefined();
  expect(refitted).toMatchObject({
    passes: [...passes, "softmax head fitted anew to the source's shares of 90 samples"],
    seed: 1,
    training: { count: 90 },
    samples: { count: 10 },
  });
  const { losses } = refitted.training;
  expect(losses.at(-1).loss).toBeLessThan(losses[0].loss / 2);
});

test('zeros are told to make nothing smaller', async () => {
  const { code, stdout, stderr } = await runCli(
    ...wordsOf('vectors', '--magnitude', '0.3', '--refit', '--latency-ratio', '0.1'),
  );
  expect(stderr).toContain('zeros make nothing smaller or quicker by themselves');
  expect(code).toBe(0);
  const told = JSON.parse(stdout);
  expect(told.bytes / told.sourceBytes).toBeCloseTo(1, 1);
  expect(told.passes).toEqual(['30 % of each weight set to 0', 'judged by a head fitted anew']);
  expect(told.report.task).toMatchObject({ fittedTo: 90, agreement: { of: 10 } });
});

test.each([
  [{}, 'say what is to go: --layers, --heads, --neurons or --magnitude'],
  [{ layers: 3 }, 'the model has 3 layers: expected fewer, got 3'],
  [
    { neurons: 0.5 },
    'expected hidden neurons that can be cut out one by one, found none, or none by so small a share: of a layer that has thirty-twos',
  ],
])('%j is refused', async (cuts, problem) => {
  await expect(cutOut(await openOnnxModel(file('vectors.onnx')), cuts)).rejects.toThrow(problem);
});
