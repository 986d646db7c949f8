import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { minilmModel } from '../../bench/models/minilm-model.ts';
import { optimizeCommand } from '../../cli/optimize.ts';
import type { Service } from '../../src/adapters/create-service.ts';
import { openPictureDecoder } from '../../src/adapters/file-decoding/open-picture-decoder.ts';
import explained from '../core/explain/explained.json' with { type: 'json' };
import { rankCorrelation } from '../fakes/rank-correlation.ts';
import { serviceOver } from '../fakes/service-over.ts';

jest.setTimeout(600_000);

const testdata = join(import.meta.dirname, '../../../shared/testdata');
let folder: string;
let service: Service;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-explain-'));
  const put = async (name: string, files: Readonly<Record<string, string>>, task: unknown) => {
    await mkdir(join(folder, name, '1'), { recursive: true });
    for (const [file, from] of Object.entries(files))
      await copyFile(resolve(testdata, from), join(folder, name, '1', file));
    await writeFile(join(folder, name, 'model.json'), JSON.stringify({ task }));
  };
  await put('banking77', { 'model.onnx': 'banking77-tfidf/banking77-tfidf.onnx' }, 'text-classification');
  const minilm = 'all-minilm-l6-v2-int8';
  const files = { 'model.onnx': `${minilm}/model.onnx`, 'tokenizer.json': `${minilm}/tokenizer.json` };
  await put('minilm', files, 'feature-extraction');
  const whole = resolve(minilmModel() as string);
  const parts = { 'model.onnx': `${whole}/model.onnx`, 'tokenizer.json': `${whole}/tokenizer.json` };
  await put('encoder', parts, 'feature-extraction');
  await put(
    'mnist',
    { 'model.onnx': 'mnist/model.onnx' },
    {
      name: 'image-classification',
      preprocess: [{ decodeImage: {} }, { pictureTensor: { scale: 1 } }],
    },
  );
  service = serviceOver(folder);
  await service.refresh();
});
afterAll(() => rm(folder, { recursive: true }));

async function explain(model: string, inputs: unknown, parameters: object) {
  const body = Buffer.from(JSON.stringify({ inputs, parameters }));
  const gone = () => new AbortController().signal;
  const answer = await service.handle({
    method: 'POST',
    path: `/v1/explain/${model}`,
    headers: {},
    body,
    requestId: 'r',
    gone,
  });
  return JSON.parse(Buffer.concat(answer.body).toString());
}

test.each(explained.texts)(
  'words of $text weigh as the packages lime and shap say',
  async ({ text, target, ...expected }) => {
    for (const [method, weights] of [
      ['lime', expected.lime],
      ['kernel-shap', expected.shap],
    ] as const) {
      const answer = await explain('banking77', text, { method, samples: 4000 });
      expect(answer.target.index).toBe(target);
      const found = answer.words.map(({ weight }: { weight: number }) => weight);
      expect(found).toHaveLength(weights.length);
      expect(rankCorrelation(found, weights)).toBeGreaterThanOrEqual(0.95);
      if (method === 'kernel-shap') expect(answer.completeness.gap).toBeLessThan(1e-9);
    }
  },
);

test('a model that is quantized has no gradients, and says what takes it', async () => {
  const parameters = { method: 'integrated-gradients' };
  await expect(explain('minilm', 'How do I locate my card?', parameters)).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(
      /^model 'minilm' version 1 has no gradients: .*the methods kernel-shap, shapley, lime and occlusion take any model$/,
    ),
  });
  const { words, completeness } = await explain('minilm', 'How do I locate my card?', { target: 5 });
  expect(words.map(({ word }: { word: string }) => word)).toEqual(['How', 'do', 'I', 'locate', 'my', 'card']);
  expect(completeness.gap).toBeLessThan(1e-9);
});

test.each([
  'Thanks',
  'How do I locate my card?',
  'My top up was reverted and the money is gone',
  'I have been waiting for two weeks and my new card has still not arrived, although I paid for express delivery. Can you tell me where it is, and when I can expect it at last?',
])('integrated gradients of MiniLM in FP32 add up within 0.01 %%: %s', async (text) => {
  for (const target of [5, 100]) {
    const { completeness, gradients } = await explain('encoder', text, { method: 'integrated-gradients', target });
    expect(gradients.version).toBe('encoder@1');
    expect(completeness.gap).toBeLessThanOrEqual(1e-4);
  }
});

test('a version that optimize quantized is explained by the gradients of what it was made from', async () => {
  const text = 'How do I locate my card?';
  const parameters = { method: 'integrated-gradients', target: 5 };
  const { words } = await explain('encoder', text, parameters);
  const texts = join(folder, 'texts.txt');
  await writeFile(texts, explained.texts.map(({ text }) => text).join('\n'));
  const log = [jest.spyOn(console, 'log'), jest.spyOn(console, 'error')];
  for (const each of log) each.mockImplementation(() => undefined);
  const places = ['--models', folder, '--texts', texts, '--svg', join(folder, 'candidates.svg')];
  await optimizeCommand().parseAsync(['encoder', '--only', 'dynamic-int8', '--latency-ratio', '0', ...places], {
    from: 'user',
  });
  for (const each of log) each.mockRestore();
  await service.refresh();
  const asked = await explain('encoder', text, parameters);
  expect(asked).toMatchObject({
    version: '2',
    gradients: {
      version: 'encoder@1',
      note: expect.stringMatching(/^encoder@2 has no gradients \(.*\): these, and the scores, are of/),
    },
  });
  expect(asked.completeness.gap).toBeLessThanOrEqual(1e-4);
  expect(asked.words).toEqual(words);
});

test('Grad-CAM of a 7 points at its stroke', async () => {
  const file = await readFile(join(testdata, 'mnist/7.jpg'));
  const { regions, gradients, target } = await explain('mnist', file.toString('base64'), { method: 'grad-cam' });
  expect(gradients.by).toBe('ReLU114_Output_0');
  expect(target.index).toBe(7);
  const decode = await openPictureDecoder();
  const { width, pixels, channels } = await decode(file);
  const lightest = ({ xmin, xmax, ymin, ymax }: Readonly<Record<string, number>>) => {
    let most = 0;
    for (let y = ymin as number; y < (ymax as number); y += 1)
      for (let x = xmin as number; x < (xmax as number); x += 1)
        most = Math.max(most, pixels[(y * width + x) * channels] as number);
    return most;
  };
  const [largest] = regions.toSorted((one: { weight: number }, other: { weight: number }) => other.weight - one.weight);
  expect(largest.weight).toBeGreaterThan(0);
  expect(lightest(largest)).toBeGreaterThan(128);
});
