import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Service } from '../../src/adapters/create-service.ts';
import explained from '../core/explain/explained.json' with { type: 'json' };
import { rankCorrelation } from '../fakes/rank-correlation.ts';
import { serviceOver } from '../fakes/service-over.ts';

const testdata = join(import.meta.dirname, '../../../shared/testdata');
let folder: string;
let service: Service;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-explain-'));
  const put = async (name: string, files: Readonly<Record<string, string>>, task: string) => {
    await mkdir(join(folder, name, '1'), { recursive: true });
    for (const [file, from] of Object.entries(files))
      await copyFile(join(testdata, from), join(folder, name, '1', file));
    await writeFile(join(folder, name, 'model.json'), JSON.stringify({ task }));
  };
  await put('banking77', { 'model.onnx': 'banking77-tfidf/banking77-tfidf.onnx' }, 'text-classification');
  const minilm = 'all-minilm-l6-v2-int8';
  const files = { 'model.onnx': `${minilm}/model.onnx`, 'tokenizer.json': `${minilm}/tokenizer.json` };
  await put('minilm', files, 'feature-extraction');
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
      /^model 'minilm' version 1 has no gradients: .*the methods kernel-shap, lime and occlusion take any model$/,
    ),
  });
  const { words, completeness } = await explain('minilm', 'How do I locate my card?', { target: 5 });
  expect(words.map(({ word }: { word: string }) => word)).toEqual(['How', 'do', 'I', 'locate', 'my', 'card']);
  expect(completeness.gap).toBeLessThan(1e-9);
});
