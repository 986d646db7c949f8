import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LanguageModel } from '../../src/core/generation/language-model.ts';
import { noTimes } from '../../src/core/no-times.ts';
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
const signal = () => new AbortController().signal;

describe.each(['model.onnx', 'model_fp16.onnx'])('tinystories, %s', (file) => {
  let model: LanguageModel;
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tensorgate-'));
    const version = join(folder, 'stories/1');
    mkdirSync(version, { recursive: true });
    for (const name of readdirSync(stories)) {
      if (name.endsWith('.json')) copyFileSync(join(stories, name), join(version, name));
    }
    copyFileSync(join(stories, file), join(version, 'model.onnx'));
    writeFileSync(join(folder, 'stories/model.json'), '{"task": "text-generation"}');
    const { dataPlane, refresh } = serviceOver(folder);
    await refresh();
    const context = { times: noTimes(), checkDeadline: () => undefined, signal, checkOutput: () => undefined };
    model = await dataPlane.languageModel(dataPlane.repository.resolve('stories', undefined), context);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

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
