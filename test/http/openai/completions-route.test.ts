import { beforeEach, describe, expect, test } from '@jest/globals';
import { CompletionWriter } from '../../../src/http/openai/completion-writer.ts';
import { completionsRoute } from '../../../src/http/openai/completions-route.ts';
import { FakeLanguageModel } from '../../fakes/fake-language-model.ts';
import { generationSettings } from '../../fakes/generation-settings.ts';
import { type Answered, readAnswer, TextService } from '../../fakes/text-service.ts';

const path = '/v1/completions';
const noConstraint = () => Promise.reject(new Error('none is wanted'));

describe('POST /v1/completions', () => {
  let model: FakeLanguageModel;
  let service: TextService;

  function make(answer: (prompt: string, place: number) => string, before?: (made: number) => Promise<void>): void {
    model = new FakeLanguageModel(answer, before && { before });
    service = new TextService(model, noConstraint);
  }

  const send = (body: object | string) => service.send(completionsRoute(service.parts), path, body);
  const ask = async (body: object | string): Promise<Answered> =>
    readAnswer(await send(typeof body === 'string' ? body : { model: 'm', prompt: 'Once', ...body }));

  beforeEach(() => make(() => ' upon a time'));

  test('a text goes on with a prompt, in the shape of OpenAI', async () => {
    const { status, json } = await ask({ max_tokens: 100 });
    expect([status, json]).toEqual([
      200,
      {
        id: 'cmpl-r1',
        object: 'text_completion',
        created: expect.any(Number),
        model: 'm',
        system_fingerprint: 'm@1',
        choices: [{ index: 0, text: ' upon a time', logprobs: null, finish_reason: 'stop' }],
        usage: { prompt_tokens: 5, completion_tokens: 13, total_tokens: 18 },
      },
    ]);
    expect(model.asked).toMatchObject([{ prompt: 'Once', tokens: [256, 79, 110, 99, 101] }]);
  });

  test('what is not said is as OpenAI has it', async () => {
    const { json } = await ask({ stop: null, seed: null });
    expect(json.choices[0]).toMatchObject({ text: ' upon a time', finish_reason: 'stop' });
    expect(model.asked[0]?.settings).toEqual(generationSettings({ maxTokens: 16, temperature: 1, endTokens: [257] }));
  });

  test('what is said reaches the model', async () => {
    const { status } = await ask({
      max_tokens: 7,
      temperature: 0.5,
      top_p: 0.9,
      top_k: 40,
      min_p: 0.1,
      seed: 12,
      presence_penalty: -1,
      frequency_penalty: 2,
      repetition_penalty: 1.1,
      logit_bias: { '65': -100, 66: 1.5 },
      user: 'me',
    });
    expect(status).toBe(200);
    expect(model.asked[0]?.settings).toMatchObject({
      maxTokens: 7,
      temperature: 0.5,
      topP: 0.9,
      topK: 40,
      minP: 0.1,
      seed: 12,
      presencePenalty: -1,
      frequencyPenalty: 2,
      repetitionPenalty: 1.1,
      logitBias: new Map([
        [65, -100],
        [66, 1.5],
      ]),
    });
  });

  test('prompts are texts, tokens, or lists of either, each with n answers that differ by their seeds', async () => {
    make((prompt, place) => `${prompt}${place}`);
    const { json } = await ask({ prompt: ['a', [98]], n: 2, seed: 5, echo: true });
    expect(json.choices.map(({ index, text }: { index: number; text: string }) => [index, text])).toEqual([
      [0, 'aa0'],
      [1, 'aa1'],
      [2, 'bb2'],
      [3, 'bb3'],
    ]);
    // The prompts once, and each answer with the token that ends it.
    expect(json.usage).toEqual({ prompt_tokens: 3, completion_tokens: 12, total_tokens: 15 });
    expect(model.asked.map(({ settings }) => settings.seed)).toEqual([5, 6, 5, 6]);
  });

  test('what tokens of a prompt end within is given once, with the prompt', async () => {
    make(() => '!');
    const textOf = async (body: object) => (await ask(body)).json.choices[0].text;
    const cut = [98, ...new TextEncoder().encode('日').subarray(0, 2)];
    expect([await textOf({ prompt: cut, echo: true }), await textOf({ prompt: cut })]).toEqual(['b\uFFFD!', '!']);
    expect(await textOf({ prompt: 'b\uFFFD', echo: true })).toBe('b\uFFFD!');
  });

  test.each([false, true])(
    'hosts are told of items and tokens, those of a stream (%s) once it is over',
    async (stream) => {
      const response = await send({ model: 'm', prompt: ['Once', 'b'], stream });
      await readAnswer(response);
      // Both prompts, and each answer with the token that ends it.
      expect(response.served).toMatchObject({ model: 'm', version: '1', items: 2, tokens: { input: 7, output: 26 } });
    },
  );

  test('a text ends before a stop, and its tokens count', async () => {
    const { json } = await ask({ stop: [' a ', 'x'] });
    expect(json.choices[0]).toMatchObject({ text: ' upon', finish_reason: 'stop' });
    expect(json.usage.completion_tokens).toBe(8);
    expect(model.asked[0]?.isEnded).toBe(true);
  });

  test('a text that is cut says so', async () => {
    const { json } = await ask({ max_tokens: 4 });
    expect([json.choices[0].text, json.choices[0].finish_reason]).toEqual([' upo', 'length']);
    expect(json.usage.completion_tokens).toBe(4);
  });

  test('probabilities come with their tokens', async () => {
    make(() => 'é!');
    const { json } = await ask({ logprobs: 2, max_tokens: 3 });
    expect(json.choices[0].logprobs).toEqual({
      tokens: ['\uFFFD', 'é', '!'],
      token_logprobs: [-1 / 8, -2 / 8, -3 / 8],
      top_logprobs: [
        { '\uFFFD': -1 / 8, '?': -9 },
        { é: -2 / 8, '\uFFFD?': -9 },
        { '!': -3 / 8, '?': -9 },
      ],
      text_offset: [0, 0, 1],
    });
  });

  test('the likeliest tokens have the chosen one with them, also where it is none of them', async () => {
    make(() => 'a');
    const { json } = await ask({ logprobs: 0, max_tokens: 1 });
    expect(json.choices[0].logprobs.top_logprobs).toEqual([{ a: -1 / 8 }]);
    const frame = { id: 'cmpl-r1', created: 0, model: 'm', system_fingerprint: 'm@1' };
    const writer = new CompletionWriter(frame, { includeUsage: false, echoes: [], logprobs: true });
    const tokens = [{ token: 97, text: 'a', logprob: -3, offset: 0, top: [{ token: 98, text: 'b', logprob: -1 }] }];
    const usage = { promptTokens: 1, completionTokens: 1 };
    expect(writer.whole([{ text: 'a', tokens, finish: 'end' }], usage)).toMatchObject({
      choices: [{ logprobs: { top_logprobs: [{ b: -1, a: -3 }] } }],
    });
  });

  test('a nucleus of nothing is one, as OpenAI has it', async () => {
    expect((await ask({ top_p: 0 })).status).toBe(200);
    expect(model.asked[0]?.settings.topP).toBe(0);
  });

  test('a stream has an event for each piece, whole characters each, and ends with a word', async () => {
    make(() => 'né STOP');
    const { status, events } = await ask({ stream: true, stop: 'STOP', logprobs: 0 });
    expect(status).toBe(200);
    expect(events.map((event) => event.choices?.[0] ?? event)).toMatchObject([
      { index: 0, text: 'n', finish_reason: null, logprobs: { tokens: ['n'] } },
      { index: 0, text: 'é', finish_reason: null, logprobs: { text_offset: [1, 1] } },
      { index: 0, text: ' ', finish_reason: null },
      { index: 0, text: '', finish_reason: 'stop', logprobs: { tokens: [] } },
      '[DONE]',
    ]);
    expect(events[0]).not.toHaveProperty('usage');
  });

  test('the usage of a stream comes last where it is asked for', async () => {
    const { events } = await ask({
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      n: 2,
      echo: true,
    });
    expect(events.slice(0, -2).every(({ usage }) => usage === null)).toBe(true);
    expect(events.slice(-2)).toMatchObject([
      { choices: [], usage: { prompt_tokens: 5, completion_tokens: 26, total_tokens: 31 } },
      '[DONE]',
    ]);
    for (const index of [0, 1]) {
      const texts = events.flatMap((event) => event.choices ?? []).filter((choice) => choice.index === index);
      expect(texts.map(({ text }) => text).join('')).toBe('Once upon a time');
    }
  });

  test('the first token leaves before the second is made', async () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    make(
      () => 'abc',
      (made) => (made === 1 ? gate : Promise.resolve()),
    );
    const answer = await send({ model: 'm', prompt: 'x', stream: true });
    expect(new TextDecoder().decode(answer.body[0])).toContain('"text":"a"');
    expect(model.asked[0]?.made).toBe(1);
    open();
    const { events } = await readAnswer(answer);
    expect(events.map((event) => event.choices?.[0].text).join('')).toBe('abc');
  });

  test('a comment is sent wherever nothing comes for a time, also before the first token', async () => {
    let open = () => {};
    make(
      () => 'a',
      () => new Promise((resolve) => (open = resolve)),
    );
    const sent = send({ model: 'm', prompt: 'x', stream: true });
    await service.time.turn();
    await service.time.pass(14_000);
    await service.time.pass(1000);
    const answer = await sent;
    expect(new TextDecoder().decode(answer.body[0])).toBe(': still working\n\n');
    const next = answer.stream?.next();
    await service.time.turn();
    await service.time.pass(15_000);
    expect(new TextDecoder().decode((await next)?.value as Uint8Array)).toBe(': still working\n\n');
    const last = answer.stream?.next();
    await service.time.turn();
    open();
    expect(new TextDecoder().decode((await last)?.value as Uint8Array)).toContain('"text":"a"');
    await answer.stream?.return();
  });

  test('a caller who leaves ends the work', async () => {
    const answer = await send({ model: 'm', prompt: 'x', stream: true, n: 3 });
    await answer.stream?.next();
    await answer.stream?.return();
    expect(model.asked.map(({ isEnded }) => isEnded)).toEqual([true, true, true]);
  });

  test('what fails before the first token has its status, later it is the last event', async () => {
    make(
      () => 'abc',
      async (made) => {
        if (made === 2) throw new Error('secret');
      },
    );
    expect(await ask({})).toMatchObject({ status: 500, json: { error: { type: 'server_error' } } });
    const answer = await send({ model: 'm', prompt: 'x', stream: true });
    // The host hears of it, and has it in its log.
    const pieces: string[] = [];
    const read = async () => {
      for await (const piece of answer.stream ?? []) pieces.push(new TextDecoder().decode(piece));
    };
    await expect(read()).rejects.toThrow('secret');
    expect(JSON.parse((pieces.at(-1) as string).slice(6))).toEqual({
      error: { message: expect.stringContaining('request id r1'), type: 'server_error', param: null, code: null },
    });

    service.caller.abort(new Error('gone'));
    expect(await ask({ stream: true })).toMatchObject({ status: 504 });
  });

  test('a request that never comes to a text counts as a failure; texts count by themselves', async () => {
    await ask({ logit_bias: { 999: 1 } });
    await ask({ prompt: [999] });
    await ask({});
    const { success, fail } = service.version.statistics.toJSON().inference_stats;
    expect([success.count, fail.count]).toEqual([0, 2]);
  });

  test.each([
    [{ prompt: undefined }, "field 'prompt': expected a text, tokens, or a list of either, got nothing"],
    [{ prompt: [] }, "field 'prompt'"],
    [{ prompt: [1, 'a'] }, "field 'prompt'"],
    [{ prompt: [-1] }, "field 'prompt'"],
    [{ prompt: [258] }, 'expected tokens of 0 to 257, got 258'],
    [{ model: 1 }, "field 'model': expected the name of a model, got 1"],
    [{ colour: 'red' }, "there is no field 'colour'; the fields are model, prompt"],
    [{ n: 1000 }, "field 'n': expected a whole number from 1 to 128, got 1000"],
    [{ n: 0 }, "field 'n'"],
    [{ max_tokens: -1 }, "field 'max_tokens': expected a whole number from 1"],
    [{ max_tokens: 1.5 }, "field 'max_tokens'"],
    [{ max_tokens: '9' }, "field 'max_tokens'"],
    [{ temperature: -0.1 }, "field 'temperature': expected a number from 0 to 2, got -0.1"],
    [{ temperature: 'NaN' }, "field 'temperature'"],
    [{ top_p: -0.1 }, "field 'top_p': expected a number from 0 to 1, got -0.1"],
    [{ top_k: -2 }, "field 'top_k'"],
    [{ repetition_penalty: 1e-300 }, "field 'repetition_penalty': expected a number from 0.01 to 2, got 1e-300"],
    [{ presence_penalty: 3 }, "field 'presence_penalty'"],
    [{ stop: '' }, 'field \'stop\': expected a text, or a list of up to 4, each of 1 to 1,000 characters, got ""'],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, "field 'stop'"],
    [{ stop: [1] }, "field 'stop'"],
    // Half of a character would cut one.
    [{ stop: '\ude00' }, "field 'stop'"],
    [{ logit_bias: { a: 1 } }, "field 'logit_bias': expected an object with numbers from -100 to 100 by token"],
    [{ logit_bias: { 1: 101 } }, "field 'logit_bias'"],
    [{ logit_bias: [1] }, "field 'logit_bias'"],
    [{ logit_bias: { 258: 1 } }, "field 'logit_bias': expected tokens of 0 to 257, got 258"],
    [{ suffix: '.' }, "field 'suffix'"],
    [{ best_of: 3 }, "field 'best_of': expected what n is (1)"],
    [{ echo: true, logprobs: 1 }, "fields 'echo' and 'logprobs'"],
    [{ stream: 1 }, "field 'stream': expected true or false, got 1"],
    [{ stream_options: { include_usage: true } }, "field 'stream_options'"],
    [{ stream: true, stream_options: { include: true } }, "field 'stream_options'"],
    [{ stream: true, stream_options: 5 }, "field 'stream_options'"],
    [{ stream: true, stream_options: { include_obfuscation: true } }, '"include_obfuscation": false'],
    [{ prompt: [1, -1] }, "field 'prompt', token 1: expected a whole number from 0 on, got -1"],
    [{ prompt: [5, 1.5] }, "field 'prompt', token 1: expected a whole number from 0 on, got 1.5"],
    [{ prompt: [[5], [7, 5, -2]] }, "field 'prompt', item 1, token 2: expected a whole number from 0 on, got -2"],
    [{ prompt: ['a', 5] }, "field 'prompt', item 1: expected a text or tokens, got 5"],
    [{ prompt: [[]] }, "field 'prompt', item 0: expected a text or tokens, got []"],
    [{ prompt: [5, 'a'] }, "field 'prompt', item 0: expected a text or tokens, got 5"],
    [{ prompt: 'x'.repeat(1024 * 1024) }, 'the prompt has 1048576 characters, too many for the 4096 tokens'],
    [{ prompt: 'x'.repeat(5000) }, 'the prompt has 5001 tokens'],
  ])('%j is refused', async (body, words) => {
    const { status, json } = await ask(body);
    expect([status, json.error.type]).toEqual([400, 'invalid_request_error']);
    expect(json.error.message).toContain(words);
  });

  test('too many texts are refused as too many, and numbers that JSON has not as no JSON', async () => {
    expect(await ask({ prompt: ['a', 'b'], n: 65 })).toMatchObject({ status: 413 });
    expect(await ask('{"model": "m", "prompt": "x", "temperature": NaN}')).toMatchObject({ status: 400 });
    expect(await ask('{"model": "m", "prompt": "x", "temperature": 1e999}')).toMatchObject({ status: 400 });
  });

  test('what nests too deep is refused', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(await ask(`{"model": "m", "prompt": ${deep}}`)).toMatchObject({ status: 413 });
  });

  test('an empty text is one of no words', async () => {
    expect(await ask({ prompt: '' })).toMatchObject({ status: 200, json: { usage: { prompt_tokens: 1 } } });
  });
});
