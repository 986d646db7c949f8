import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { printWelcome } from '../../cli/welcome.ts';
import type { Service } from '../../src/adapters/create-service.ts';
import { keepAnswers } from '../../src/adapters/keep-answers.ts';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import { BatchModel } from '../../src/core/batch/batch-model.ts';
import { modelMetadata } from '../../src/core/model-metadata.ts';
import { errorResponse } from '../../src/http/error-response.ts';
import { decoderGraph } from '../fakes/decoder-graph.ts';
import { FakeExchange } from '../fakes/fake-exchange.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serviceOver } from '../fakes/service-over.ts';
import { storyTokenizer } from '../fakes/story-tokenizer.ts';
import { readAnswer } from '../fakes/text-service.ts';

const sizes = { layers: 1, width: 32, hidden: 48, heads: 4, cacheHeads: 2, vocabulary: 267, positions: 256 };

describe('a decoder of a folder, asked over the text API', () => {
  let folder: string;
  let service: Service;
  const silent = { info: () => undefined, error: () => undefined };
  const warnings: unknown[] = [];
  const observed: object[] = [];
  const exchange = new FakeExchange();

  const write = async (
    name: string,
    files: Readonly<Record<string, string | object>>,
    task?: string,
    more?: object,
  ) => {
    const version = join(folder, name, '1');
    await mkdir(version, { recursive: true });
    await writeFile(join(version, 'model.onnx'), buildOnnx(decoderGraph(sizes, { attention: 'concat' })));
    const settings = { load: 'first-use', ...(task !== undefined && { task }), ...more };
    await writeFile(join(folder, name, 'model.json'), JSON.stringify(settings));
    const all = {
      'tokenizer.json': storyTokenizer,
      'config.json': { max_position_embeddings: 256, eos_token_id: 2 },
      ...files,
    };
    for (const [file, content] of Object.entries(all))
      await writeFile(join(version, file), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const send = async (path: string, body: object, signal = new AbortController().signal) => {
    const request = { method: 'POST', path, headers: {}, requestId: 'r', gone: () => signal };
    try {
      return await service.handle({ ...request, body: new TextEncoder().encode(JSON.stringify(body)) });
    } catch (error) {
      return errorResponse(error, 'r', path);
    }
  };
  const ask = async (path: string, body: object) => readAnswer(await send(path, body));
  const complete = (more: object = {}) =>
    ask('/v1/completions', { model: 'story', prompt: 'Once', temperature: 0, max_tokens: 40, ...more });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-text-'));
    const task = 'text-generation';
    const files = {
      'tokenizer_config.json': { bos_token: '<s>', chat_template: 'of tokenizer_config.json' },
      'chat_template.jinja': '{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}',
    };
    await write('story', files, task);
    await write('mute', { 'tokenizer_config.json': { chat_template: '{% if %}' } }, task, { queue: { maxSize: 2 } });
    await write('kept', files, task, { responseCache: true });
    await write('alone', files, task, { batching: { mode: 'off' } });
    const config = { architectures: ['LlamaForCausalLM'], max_position_embeddings: 256, eos_token_id: 2 };
    for (const name of ['found', 'found-too', 'found-also']) await write(name, { ...files, 'config.json': config });
    service = serviceOver(folder, {
      log: { ...silent, warn: (...line) => warnings.push(line) },
      makeDataPlane: keepAnswers(1e6),
      exchange,
      onRun: ({ name }, { inputNames, inputs, outputs }) => {
        const [prompt, answer] = [...inputs, ...outputs].map(({ data }) => (data as Uint8Array)[0]);
        observed.push({ name, inputNames, prompt, answer });
      },
    });
    await service.refresh();
  });
  afterAll(async () => {
    for (const name of service.dataPlane.repository.names()) await service.dataPlane.repository.unload(name);
    await rm(folder, { recursive: true });
  });

  test('the likeliest text is the same by each route, whole and as a stream; whoever watches hears of each', async () => {
    const { json } = await complete();
    const [{ text }] = json.choices;
    expect([text.length > 0, json.usage.prompt_tokens]).toEqual([true, 6]);
    const { events } = await complete({ stream: true });
    expect(events.map((event) => event.choices?.[0].text ?? '').join('')).toBe(text);
    const parameters = { temperature: 0, max_tokens: 40 };
    const generated = await ask('/v2/models/story/generate', { text_input: 'Once', parameters });
    expect(generated.json.text_output).toBe(text);
    const streamed = await ask('/v2/models/story/versions/1/generate_stream', { text_input: 'Once', parameters });
    expect(streamed.events.map((event) => event.text_output).join('')).toBe(text);
    const predicted = await ask('/v1/predict/story', { inputs: 'Once', parameters: { max_new_tokens: 40 } });
    expect(predicted.json.predictions).toEqual([{ generated_text: text }]);
    const tensor = { name: 'text', datatype: 'BYTES', shape: [1, 2], data: ['Once', 'Once'] };
    const inferred = await ask('/v2/models/story/infer', { parameters: { max_new_tokens: 40 }, inputs: [tensor] });
    expect(inferred.json.outputs).toMatchObject([
      { name: 'prediction', shape: [1, 2], data: [1, 2].map(() => JSON.stringify({ generated_text: text })) },
    ]);
    const messages = [{ role: 'user', content: 'Once' }];
    const talked = await ask('/v1/chat/completions', { model: 'story', messages, temperature: 0, max_tokens: 40 });
    expect([talked.json.choices[0].message.content, talked.json.usage.prompt_tokens]).toEqual([text, 6]);
    const { completion_tokens: answer } = json.usage;
    const each = { name: 'story', inputNames: ['prompt tokens'], prompt: 6, answer };
    expect(observed).toEqual(Array.from({ length: 8 }, () => each));
  });

  test('a folder that says what it is for needs no settings, whatever is asked first', async () => {
    const [{ text }] = (await complete()).json.choices;
    const parameters = { max_new_tokens: 40 };
    const predicted = await ask('/v1/predict/found', { inputs: 'Once', parameters });
    expect(predicted.json).toMatchObject({ task: 'text-generation', predictions: [{ generated_text: text }] });
    expect((await complete({ model: 'found-too' })).json.choices[0].text).toBe(text);
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], data: ['Once'] }];
    const inferred = await ask('/v2/models/found-also/infer', { inputs, parameters });
    expect(inferred.json.outputs[0].data).toEqual([JSON.stringify({ generated_text: text })]);
  });

  test('texts that were uploaded are gone on with as those of the body', async () => {
    const [{ text }] = (await complete({ max_tokens: 5 })).json.choices;
    exchange.uploads.set('uploads/once', Buffer.from([4, 0, 0, 0, ...Buffer.from('Once')]));
    const input = { name: 'text', datatype: 'BYTES', shape: [1], parameters: { content_ref: 'uploads/once' } };
    const parameters = { max_tokens: 5 };
    const { json } = await ask('/v2/models/story/infer', { inputs: [input], parameters });
    expect(json.outputs[0].data).toEqual([JSON.stringify({ generated_text: text })]);
    const refused = await ask('/v2/models/story/infer', { inputs: [{ ...input, name: 'txt' }], parameters });
    expect([refused.status, refused.json.error]).toEqual([400, expect.stringContaining("no input 'txt'")]);
  });

  test('eight callers at once get what each gets alone', async () => {
    const prompts = ['', 'Once', 'a', 'b!', '日', 'upon a time', 'é', 'Once upon'];
    const alone = [];
    for (const prompt of prompts) alone.push((await complete({ prompt })).json.choices[0].text);
    const together = await Promise.all(prompts.map((prompt) => complete({ prompt })));
    expect(together.map(({ json }) => json.choices[0].text)).toEqual(alone);
    const all = await complete({ prompt: prompts });
    expect(all.json.choices.map(({ text }: { text: string }) => text)).toEqual(alone);
  });

  test('an answer follows its schema, and a call that of its tool', async () => {
    const messages = [{ role: 'user', content: 'Once' }];
    const schema = {
      type: 'object',
      properties: { n: { enum: [1, 22] } },
      required: ['n'],
      additionalProperties: false,
    };
    const format = { type: 'json_schema', json_schema: { name: 'n', schema } };
    for (let seed = 0; seed < 10; seed += 1) {
      const { json } = await ask('/v1/chat/completions', { model: 'story', messages, seed, response_format: format });
      expect([1, 22]).toContain(JSON.parse(json.choices[0].message.content).n);
    }
    const tools = ['go', 'stay'].map((name) => ({ type: 'function', function: { name, parameters: schema } }));
    const { json } = await ask('/v1/chat/completions', { model: 'story', messages, tools, tool_choice: 'required' });
    const [{ function: called }] = json.choices[0].message.tool_calls;
    expect(['go', 'stay']).toContain(called.name);
    expect([1, 22]).toContain(JSON.parse(called.arguments).n);
  });

  test('a model whose template does not parse goes on with texts all the same', async () => {
    const messages = [{ role: 'user', content: 'Once' }];
    expect(await ask('/v1/chat/completions', { model: 'mute', messages })).toMatchObject({
      status: 400,
      json: { error: { message: expect.stringContaining('does not parse') } },
    });
    expect(warnings).toEqual([
      [{ reason: expect.stringContaining('does not parse') }, "model 'mute' version 1 answers no chats"],
    ]);
    expect(await complete({ model: 'mute' })).toMatchObject({ status: 200 });
  });

  test('the texts of one request do not fill the queue of the model', async () => {
    expect(await complete({ model: 'mute', n: 20 })).toMatchObject({ status: 200 });
  });

  test('the command and the document tell nothing of its tensors', async () => {
    const print = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    await printWelcome({ url: 'http://x', dataPlane: service.dataPlane } as RunningServer, { models: folder });
    const needs = { tlsCert: 'our cert.pem', apiKeys: 'keys.json' };
    await printWelcome({ url: 'https://y', dataPlane: service.dataPlane } as RunningServer, {
      models: folder,
      ...needs,
    });
    const lines = print.mock.calls.flat().join('\n');
    print.mockRestore();
    expect(lines).toContain('story 1: text → text');
    expect(lines).toContain('curl -sN http://x/v1/completions -d \'{"model":"found",');
    expect(lines).toContain(`curl --cacert 'our cert.pem' -H "x-api-key: $KEY" -sN https://y/v1/completions`);

    const request = { method: 'GET', path: '/openapi.json', headers: {}, requestId: 'r', body: new Uint8Array() };
    const { json } = await readAnswer(await service.handle({ ...request, gone: () => new AbortController().signal }));
    expect(json.paths).toHaveProperty(['/v1/chat/completions']);
    expect(json.paths).not.toHaveProperty(['/v2/models/story/infer']);
  });

  test.each([
    [{ datatype: 'INT32', data: [1] }, {}, 'expected datatype BYTES, got INT32'],
    [
      { data: ['x'] },
      { outputs: [{ name: 'logits' }] },
      "output 'logits': texts are answered by the output 'prediction'",
    ],
    [
      { data: ['x'] },
      { parameters: { temperature: 7 } },
      "parameter 'temperature': expected a number from 0 to 2, got 7",
    ],
    [{ data: ['x'] }, { parameters: { max_tokenz: 7 } }, "there is no parameter 'max_tokenz'; the parameters are"],
    [{ data: ['x '.repeat(300)] }, {}, 'the prompt has'],
  ])('texts of an infer request that are %.60j, with %j, are refused', async (input, more, words) => {
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], ...input }];
    const { status, json } = await ask('/v2/models/story/infer', { inputs, ...more });
    expect([status, json.error]).toEqual([400, expect.stringContaining(words)]);
  });

  test('an infer request says how long a text is, beside what the protocol says', async () => {
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], data: ['Once'] }];
    const [{ text }] = (await complete({ max_tokens: 3 })).json.choices;
    const beside = {
      priority: 0,
      timeout: 30_000_000,
      binary_data_output: false,
      triton_enable_empty_final_response: true,
    };
    for (const most of [{ max_tokens: 3 }, { max_new_tokens: 3 }]) {
      const { json } = await ask('/v2/models/story/infer', { inputs, parameters: { ...beside, ...most } });
      expect(json.outputs[0].data).toEqual([JSON.stringify({ generated_text: text })]);
    }
  });

  test('texts that are asked for otherwise are not answered from the cache', async () => {
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [1], data: ['Once'] }];
    const made = async (most: number) =>
      (await ask('/v2/models/kept/infer', { inputs, parameters: { max_tokens: most } })).json.outputs[0].data[0];
    // What is answered before it is loaded is kept by another key.
    await made(2);
    const short = await made(2);
    expect((await made(20)).length).toBeGreaterThan(short.length);
  });

  test('metadata has the input of texts, and whether those share runs', async () => {
    const { parameters } = await modelMetadata(service.dataPlane, 'story');
    expect(parameters).toMatchObject({ batching: 'on', items: { input: 'text', output: 'prediction' } });
    const alone = await modelMetadata(service.dataPlane, 'alone');
    expect(alone.parameters.batching).toBe('off: batching.mode is off in model.json');
  });

  test('what fails says which field it is, and by what programs tell it', async () => {
    const failed = async (more: object) => (await complete(more)).json.error;
    expect(await failed({ n: 0 })).toMatchObject({ param: 'n', code: null });
    expect(await failed({ nn: 0 })).toMatchObject({ param: 'nn', code: 'unknown_parameter' });
    const unknown = { param: 'model', code: 'model_not_found' };
    for (const model of ['stori', 'story@9']) expect(await failed({ model })).toMatchObject(unknown);
    for (const prompt of ['x '.repeat(300), 'x '.repeat(9000)])
      expect(await failed({ prompt })).toMatchObject({ code: 'context_length_exceeded' });
    const messages = [{ role: 'judge', content: 'Once' }];
    const chat = await ask('/v1/chat/completions', { model: 'story', messages });
    expect(chat.json.error).toMatchObject({ param: 'messages[0].role' });
  });

  test.each(['story', 'found'])('%s gives no vectors and ranks nothing, which is told by its task', async (model) => {
    const words = 'version 1 has the task text-generation: ';
    const { json } = await ask('/v1/embeddings', { model, input: 'Once' });
    expect(json.error.message).toContain(`${words}embeddings are of models with`);
    const ranked = await ask('/v1/rerank', { model, query: 'Once', documents: ['upon'] });
    expect(ranked.json.error.message).toContain(`${words}texts are ranked by models with`);
  });

  test('a job of records is told where its requests go', async () => {
    const opened = BatchModel.open(service.dataPlane, 'story', undefined, new AbortController().signal);
    await expect(opened).rejects.toMatchObject({ status: 400, message: expect.stringContaining('POST /v1/batches') });
  });

  test('a caller who leaves ends the work, and the next has the model at once', async () => {
    const caller = new AbortController();
    const body = { model: 'story', prompt: 'Once', max_tokens: 200, stream: true, n: 8, logit_bias: { 2: -100 } };
    const answer = await send('/v1/completions', body, caller.signal);
    caller.abort();
    await answer.stream?.return();
    expect((await complete()).status).toBe(200);
    expect(service.dataPlane.repository.resolve('story').users).toBe(0);
  });

  test('every text counts in the statistics, and what never comes to one as a failure', async () => {
    const { statistics } = service.dataPlane.repository.resolve('mute');
    const counts = () => {
      const { success, fail } = statistics.toJSON().inference_stats;
      return [success.count, fail.count];
    };
    const [before = 0, failed = 0] = counts();
    await complete({ model: 'mute', n: 3 });
    await complete({ model: 'mute', prompt: [300] });
    await complete({ model: 'mute', prompt: 'x '.repeat(200) });
    expect(counts()).toEqual([before + 3, failed + 2]);
    const inputs = [{ name: 'text', datatype: 'BYTES', shape: [2], data: ['a', 'b'] }];
    await ask('/v2/models/mute/infer', { inputs });
    expect(counts()).toEqual([before + 4, failed + 2]);
  });
});
