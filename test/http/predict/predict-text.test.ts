import { describe, expect, test } from '@jest/globals';
import { predictText } from '../../../src/http/predict/predict-text.ts';
import { FakeExchange } from '../../fakes/fake-exchange.ts';
import { FakeLanguageModel } from '../../fakes/fake-language-model.ts';
import { readAnswer, TextService } from '../../fakes/text-service.ts';

describe('predictions that are texts', () => {
  const model = new FakeLanguageModel((prompt) => `${prompt.length} tokens`);
  const service = new TextService(model, () => Promise.reject(new Error('none is wanted')));
  const exchange = new FakeExchange();
  const handler = (request: Parameters<typeof predictText>[1]) =>
    predictText(service.parts, request, service.chosen, exchange);
  const ask = async (body: unknown) => readAnswer(await service.send(handler, '/v1/predict/m', body));

  test('each has what the model goes on with, its likeliest tokens unless others are asked for', async () => {
    const { status, json } = await ask({ inputs: ['a', 'bcd'] });
    expect([status, json]).toEqual([
      200,
      {
        model: 'm',
        version: '1',
        task: 'text-generation',
        predictions: [{ generated_text: '1 tokens' }, { generated_text: '3 tokens' }],
        timings_ms: { input: 0, infer: 0, total: 0 },
      },
    ]);
    expect(model.asked.at(-1)?.settings).toMatchObject({ temperature: 0, maxTokens: 20 });
  });

  test.each([
    [{ do_sample: true }, { temperature: 1 }],
    [
      { temperature: 0.5, max_new_tokens: 5 },
      { temperature: 0.5, maxTokens: 5 },
    ],
    [{ do_sample: false, temperature: 0.5 }, { temperature: 0 }],
    [
      { do_sample: true, top_k: 3, seed: 4 },
      { temperature: 1, topK: 3, seed: 4 },
    ],
  ])('%j is heeded', async (parameters, settings) => {
    expect((await ask({ inputs: 'a', parameters })).status).toBe(200);
    expect(model.asked.at(-1)?.settings).toMatchObject(settings);
  });

  test('the text of a prompt comes in front where that is asked for', async () => {
    const { json } = await ask({ inputs: 'a', parameters: { return_full_text: true, stop: ' ' } });
    expect(json.predictions).toEqual([{ generated_text: 'a1' }]);
  });

  test('a text may have been uploaded', async () => {
    exchange.uploads.set('uploads/text', new TextEncoder().encode('äb'));
    const { json } = await ask({ inputs: [{ content_ref: 'uploads/text' }, 'a'] });
    expect(json.predictions).toEqual([{ generated_text: '2 tokens' }, { generated_text: '1 tokens' }]);
  });

  test('a text may be the body, or in a form with parameters', async () => {
    const send = async (given: FormData | string, type?: string) => {
      const made = new Response(given, type === undefined ? {} : { headers: { 'content-type': type } });
      const headers = { 'content-type': made.headers.get('content-type') ?? '' };
      const body = new Uint8Array(await made.arrayBuffer());
      const call = { method: 'POST', path: '/v1/predict/m', requestId: 'r', gone: () => new AbortController().signal };
      return (await readAnswer(await handler({ ...call, headers, body }))).json.predictions;
    };
    const form = new FormData();
    form.append('file', new Blob(['äb']));
    form.append('parameters', '{"return_full_text": true}');
    expect(await send(form)).toEqual([{ generated_text: 'äb2 tokens' }]);
    expect(await send('äb', 'text/markdown')).toEqual([{ generated_text: '2 tokens' }]);
    await expect(send('äb', 'image/jpeg')).rejects.toMatchObject({ status: 415 });
  });

  test.each([
    [{ inputs: ['a', { content_ref: 'uploads/none' }] }, 400, "item 1: there is no upload 'uploads/none'"],
    [{}, 400, "field 'inputs': expected a text, or a list of texts, got nothing"],
    [{ inputs: [] }, 400, "field 'inputs'"],
    [{ inputs: ['a', 1] }, 400, "field 'inputs'"],
    [{ inputs: Array.from({ length: 129 }, () => '') }, 413, 'expected 128 texts at most'],
    [{ inputs: 'a', parameters: { max_length: 1 } }, 400, "there is no parameter 'max_length'"],
    [{ inputs: 'a', options: {} }, 400, "there is no field 'options'"],
  ])('%.60j is refused', async (body, status, words) => {
    const answer = await ask(body);
    expect([answer.status, answer.json.error.message]).toEqual([status, expect.stringContaining(words)]);
  });
});
