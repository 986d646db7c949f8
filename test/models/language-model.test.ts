import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../../src/adapters/onnx-files/write-onnx-model.ts';
import type { GenerationSettings } from '../../src/core/generation/generation.ts';
import type { LanguageModel } from '../../src/core/generation/language-model.ts';
import { noTimes } from '../../src/core/no-times.ts';
import { quantizeDynamically } from '../../src/graph/passes/quantize-dynamically.ts';
import { generationSettings } from '../fakes/generation-settings.ts';
import { serviceOver } from '../fakes/service-over.ts';

interface Greedy {
  readonly prompt: string;
  readonly prompt_ids: readonly number[];
  readonly generated_ids: readonly number[];
  readonly finish_reason: 'stop' | 'length';
  readonly text: string;
}

const stories = join(import.meta.dirname, '../../../shared/testdata/tinystories-260k');
const { greedy } = JSON.parse(readFileSync(join(stories, 'expected.json'), 'utf8')) as { greedy: readonly Greedy[] };
const beginning =
  'One day, a boy named Tim went to the forest with his dog and his mother, and they found a very old tree with a door in it. Tim wanted to open the door, but his mother said that it was not safe. The dog ran to the tree and started to bark.';
const signal = () => new AbortController().signal;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Serves the stories' files with a model that `write` writes. */
async function openStories(write: (path: string) => unknown): Promise<LanguageModel> {
  const folder = mkdtempSync(join(tmpdir(), 'tensorgate-'));
  folders.push(folder);
  const version = join(folder, 'stories/1');
  mkdirSync(version, { recursive: true });
  for (const name of readdirSync(stories)) {
    if (name.endsWith('.json')) copyFileSync(join(stories, name), join(version, name));
  }
  await write(join(version, 'model.onnx'));
  writeFileSync(join(folder, 'stories/model.json'), '{"task": "text-generation"}');
  const { dataPlane, refresh } = serviceOver(folder);
  await refresh();
  const context = { times: noTimes(), checkDeadline: () => undefined, signal, checkOutput: () => undefined };
  return await dataPlane.languageModel(dataPlane.repository.resolve('stories', undefined), context);
}

describe.each(['model.onnx', 'model_fp16.onnx'])('tinystories, %s', (file) => {
  let model: LanguageModel;

  beforeAll(async () => {
    model = await openStories((path) => copyFileSync(join(stories, file), path));
  });

  const goOn = async ({ prompt_ids: prompt, generated_ids: expected, finish_reason: reason }: Greedy) => {
    const settings = generationSettings({
      maxTokens: expected.length + (reason === 'stop' ? 1 : 0),
      endTokens: model.endTokens,
    });
    const found: number[] = [];
    let last: string | undefined;
    for await (const { token, finish } of model.generate(prompt, settings, signal())) {
      if (finish !== 'stop') found.push(token);
      last = finish;
    }
    expect({ found, last }).toEqual({ found: expected, last: reason });
    return model.tokenizer.decode(found);
  };

  test('its files say what it takes, and what ends a text', async () => {
    expect(model).toMatchObject({ maxPositions: 512, endTokens: [1, 2] });
    expect((await model.tokenizer.encode('Once upon a time', true)).ids).toEqual(greedy[1]?.prompt_ids);
  });

  test.each(greedy)('goes on with "$prompt" token for token', async (expected) => {
    expect(await goOn(expected)).toBe(expected.text);
  });

  test('eight callers at once, who come and go, get what each gets alone', async () => {
    const callers = Array.from({ length: 8 }, async (_, caller) => {
      await pause(caller * 7);
      for (let round = 0; round < 3; round += 1) await goOn(greedy[(caller + round) % greedy.length] as Greedy);
    });
    await Promise.all(callers);
  });
});

test('tinystories, quantized dynamically: a text is the same each time, beside others too, by its seed', async () => {
  const quantized = quantizeDynamically(await openOnnxModel(join(stories, 'model.onnx')));
  const open = () => openStories((path) => writeOnnxModel(quantized, path));
  const tokensOf = async (model: LanguageModel, text: string, settings: Partial<GenerationSettings> = {}) => {
    const { ids } = await model.tokenizer.encode(text, true);
    const found: number[] = [];
    const all = { maxTokens: 60, endTokens: model.endTokens, ...settings };
    for await (const { token } of model.generate(ids, generationSettings(all), signal())) found.push(token);
    return found;
  };
  const texts = ['Lily', 'Anna'].map((name) => `${beginning.replaceAll('Tim', name)} ${beginning}`);
  for (const [index, text] of texts.entries()) {
    const settings = index === 0 ? { temperature: 1, seed: 7 } : {};
    const alone = await tokensOf(await open(), text, settings);
    const model = await open();
    const others = [tokensOf(model, 'Big bear.', { maxTokens: 100 }), tokensOf(model, 'Once', { maxTokens: 100 })];
    expect(await tokensOf(model, text, settings)).toEqual(alone);
    await Promise.all(others);
    expect(await tokensOf(model, text, settings)).toEqual(alone);
  }
}, 60_000);
