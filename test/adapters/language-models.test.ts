import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Service } from '../../src/adapters/create-service.ts';
import { modelMetrics } from '../../src/adapters/metrics/model-metrics.ts';
import { batchingWord } from '../../src/core/batching-word.ts';
import type { InferenceContext } from '../../src/core/inference-context.ts';
import { noTimes } from '../../src/core/no-times.ts';
import { type DecoderForm, decoderGraph } from '../fakes/decoder-graph.ts';
import { floatTensor } from '../fakes/float-tensor.ts';
import { generationSettings } from '../fakes/generation-settings.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';
import { wordTokenizer } from '../fakes/word-tokenizer.ts';
import { addModel } from './models.ts';

const sizes = { layers: 1, width: 64, hidden: 64, heads: 2, cacheHeads: 2, vocabulary: 50, positions: 64 };
const decoder = buildOnnx(decoderGraph(sizes, { attention: 'grouped' }));
const signal = () => new AbortController().signal;
const context: InferenceContext = {
  times: noTimes(),
  checkDeadline: () => undefined,
  signal,
  checkOutput: () => undefined,
};

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string | Uint8Array | object | undefined>>;

async function write(model: string, files: Files): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    if (content === undefined) continue;
    const path = join(folder, model, file);
    await mkdir(dirname(path), { recursive: true });
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    await writeFile(path, isRaw ? content : JSON.stringify(content));
  }
}

const whole: Files = {
  'model.json': { task: 'text-generation' },
  '1/model.onnx': decoder,
  '1/tokenizer.json': wordTokenizer,
  '1/config.json': { max_position_embeddings: 64, eos_token_id: 2 },
};

async function serve(options: Parameters<typeof serviceOver>[1] = {}): Promise<Service> {
  const service = serviceOver(folder, options);
  await service.refresh();
  return service;
}

function open({ dataPlane }: Service, model = 'm') {
  return dataPlane.languageModel(dataPlane.repository.resolve(model, undefined), context);
}

test('a model with the task goes on with text, and counts what it did', async () => {
  await write('m', {
    ...whole,
    '1/generation_config.json': { eos_token_id: [2, 7] },
    '1/tokenizer_config.json': { chat_template: 'x' },
  });
  const service = await serve();
  const model = await open(service);
  expect(model).toMatchObject({ maxPositions: 64, endTokens: [2, 7], tokenizerConfig: { chat_template: 'x' } });
  expect((await model.tokenizer.encode('a b', true)).ids).toEqual([1, 3, 4, 2]);
  const tokens = [];
  for await (const token of model.generate([1, 3], generationSettings({ maxTokens: 5 }), signal())) tokens.push(token);
  expect(tokens).toHaveLength(5);
  expect(tokens.at(-1)).toMatchObject({ finish: 'length' });
  const { statistics } = service.dataPlane.repository.resolve('m', undefined);
  const record = statistics.toJSON();
  expect(record).toMatchObject({ inference_count: 1, execution_count: 5 });
  expect(record.inference_stats).toMatchObject({ success: { count: 1 }, fail: { count: 0 } });
  const metrics = modelMetrics(service.dataPlane.repository).flatMap(({ name, samples }) =>
    name.endsWith('_tokens_total') ? samples.map(({ value }) => `${name} ${value}`) : [],
  );
  expect(metrics).toEqual([
    'tensorgate_prompt_tokens_total 2',
    'tensorgate_found_tokens_total 0',
    'tensorgate_generated_tokens_total 5',
  ]);
});

test.each<[string, Partial<DecoderForm>, string]>([
  ['positions that are given', {}, 'on'],
  ['positions that are counted', { positions: 'counted' }, 'off: it has no input position_ids, without which'],
  ['two graphs merged to one, behind a cache for one token', { isMerged: true, seesAhead: true }, 'on'],
])('each caller gets what it gets alone, beside others and after them: %s', async (_name, form, sharing) => {
  // What tokens of a prompt see counts from the second layer on.
  const graph = decoderGraph({ ...sizes, layers: 2 }, { attention: 'concat', ...form });
  await write('m', { ...whole, '1/model.onnx': buildOnnx(graph) });
  const tokens = (count: number, step: number) =>
    Array.from({ length: count }, (_, index) => 3 + ((index * step) % 40));
  const beginning = tokens(20, 7);
  const prompts = [[5], [9, 8, 7], [...beginning, 4], [...beginning, ...tokens(20, 11)]];
  const answerOf = async (service: Service, prompt: readonly number[]) => {
    const found: (readonly [number, number])[] = [];
    const model = await open(service);
    for await (const { token, logprob = 0 } of model.generate(prompt, generationSettings({ logprobs: 0 }), signal()))
      found.push([token, logprob]);
    return found;
  };
  const alone: unknown[] = [];
  for (const prompt of prompts) {
    const answer = await answerOf(await serve(), prompt);
    alone.push(answer.map(([token, logprob]) => [token, expect.closeTo(logprob, 3)]));
  }
  const service = await serve();
  expect(await Promise.all(prompts.map((prompt) => answerOf(service, prompt)))).toEqual(alone);
  const after: unknown[] = [];
  for (const prompt of prompts) after.push(await answerOf(service, prompt));
  expect(after).toEqual(alone);
  expect(batchingWord(service.dataPlane.repository.resolve('m', undefined))).toContain(sharing);
});

test('a prompt that is too long counts as a failure', async () => {
  await write('m', whole);
  const service = await serve();
  const model = await open(service);
  const prompt = new Array(64).fill(3);
  await expect(model.generate(prompt, generationSettings(), signal()).next()).rejects.toMatchObject({
    status: 400,
    message: 'the prompt has 64 tokens, and the model takes 64, prompt and answer together: shorten it to 63 at most',
  });
  const { statistics } = service.dataPlane.repository.resolve('m', undefined);
  expect(statistics.toJSON().inference_stats).toMatchObject({ success: { count: 0 }, fail: { count: 1 } });
});

test('a version is kept while it goes on with text, and loads again where it was let go of before', async () => {
  await write('m', whole);
  await write('other', { '1/model.onnx': buildOnnx(addModel()) });
  const service = await serve();
  const version = service.dataPlane.repository.resolve('m', undefined);
  const model = await open(service);
  const makeRoom = async () => {
    const other = service.dataPlane.repository.resolve('other', undefined);
    const inputs = ['a', 'b'].map((name) => ({ ...floatTensor([1, 2], [1, 2]), name, parameters: {} }));
    await service.dataPlane.infer(other, { parameters: {}, inputs }, context);
    await service.releaseIdle(() => false);
  };
  await makeRoom();
  expect(version.state).toBe('UNAVAILABLE');
  const stream = model.generate([1, 3], generationSettings({ maxTokens: 20 }), signal());
  await stream.next();
  expect(version.state).toBe('READY');
  await makeRoom();
  expect(version.state).toBe('READY');
  expect((await stream.next()).done).toBe(false);
  await stream.return();
  expect(version.users).toBe(0);
  await makeRoom();
  expect(version.state).toBe('UNAVAILABLE');
});

test('a caller who leaves while the model loads holds nothing', async () => {
  await write('m', whole);
  const service = await serve();
  const version = service.dataPlane.repository.resolve('m', undefined);
  const model = await open(service);
  let released = 0;
  const release = () => {
    released += 1;
  };
  const constraint = { allowed: () => undefined, accept: () => undefined, release };
  const stream = model.generate([1, 3], generationSettings({ constraint }), signal());
  const first = stream.next();
  await stream.return();
  await first;
  const unbegun = model.generate([1, 3], generationSettings({ constraint }), signal());
  await unbegun.return();
  expect([released, version.users]).toEqual([2, 0]);
});

describe('refuses', () => {
  const refusal = async (files: Files, options = {}) => {
    await write('m', { ...whole, ...files });
    const service = await serve(options);
    return open(service).then(
      () => new Error('it loaded'),
      (error: Error) => error,
    );
  };
  const graph = (changes: object) => buildOnnx({ ...decoderGraph(sizes, { attention: 'concat' }), ...changes });
  const { inputs, outputs } = decoderGraph(sizes, { attention: 'concat' });

  test.each<[string, Files, string]>([
    [
      'no tokenizer.json',
      { '1/tokenizer.json': undefined },
      "it has no tokenizer.json, which generating text needs: put it into the version's folder",
    ],
    ['a config.json that is no JSON', { '1/config.json': '{' }, 'config.json is not JSON'],
    [
      'no word of how many tokens it takes',
      { '1/config.json': {} },
      'neither config.json nor tokenizer_config.json says how many tokens it takes: set task.maxPositions in model.json',
    ],
    ['no caches', { '1/model.onnx': buildOnnx(addModel()) }, 'it has no inputs past_key_values.0.key and so on'],
    [
      'an output that is missing',
      { '1/model.onnx': graph({ outputs: outputs.slice(0, 2) }) },
      'it has no output present.0.value, which generating text needs; it has logits, present.0.key',
    ],
    [
      'an input that it does not know',
      { '1/model.onnx': graph({ inputs: [...inputs, { name: 'pixels', datatype: 'FP32', shape: [1] }] }) },
      "it takes 'pixels', which is none of what a decoder is fed",
    ],
    [
      'an input of another datatype',
      { '1/model.onnx': graph({ inputs: [...inputs, { name: 'use_cache_branch', datatype: 'INT64', shape: [1] }] }) },
      'expected the input use_cache_branch as BOOL, got INT64',
    ],
  ])('%s, in words', async (_name, files, message) => {
    const error = await refusal(files);
    expect(error).toMatchObject({ status: 503 });
    expect(error.message).toContain(message);
  });

  test('a model without the task, or with another', async () => {
    expect(await refusal({ 'model.json': {} })).toMatchObject({
      status: 400,
      message: expect.stringMatching(
        /^model 'm' version 1 does not generate text: it has no task.*; ask another model/,
      ),
    });
    await rm(join(folder, 'm'), { recursive: true });
    expect(await refusal({ 'model.json': { task: 'feature-extraction' } })).toMatchObject({
      status: 400,
      message: expect.stringContaining('its task is feature-extraction'),
    });
  });

  test('the engine that keeps no caches', async () => {
    const error = await refusal({}, { engine: 'binding' });
    expect(error.message).toContain('start it without --engine binding');
  });
});

test('what model.json says counts before what the files beside the model say', async () => {
  const task = { name: 'text-generation', maxPositions: 40, endTokens: [9], cacheBytes: 512 * 30 };
  await write('m', { ...whole, 'model.json': { task } });
  expect(await open(await serve())).toMatchObject({ maxPositions: 30, endTokens: [9] });
});
