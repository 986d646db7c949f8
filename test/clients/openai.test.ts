import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import OpenAI from 'openai';
import { zodFunction, zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';

jest.setTimeout(60_000);

const url = `http://${process.env.TENSORGATE_URL}`;
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 });
const known = JSON.parse(readFileSync('../shared/testdata/tinystories-260k/expected.json', 'utf8'));

interface Continuation {
  readonly prompt: string;
  readonly prompt_ids: number[];
  readonly max_new_tokens: number;
  readonly generated_ids: readonly number[];
  readonly full_text: string;
  readonly finish_reason: 'stop' | 'length';
}
const continuations: readonly Continuation[] = known.greedy;
const textOf = ({ prompt, full_text }: Continuation) => full_text.slice(prompt.length);

const model = 'story';
const asked = { model, prompt: 'Once upon a time', max_tokens: 12 };
const messages = [{ role: 'user' as const, content: 'Once upon a time' }];
const chatted = { model, messages, max_completion_tokens: 12 };
/** Sampling fields that OpenAI's API lacks, and other servers have; the client sends what it does not know as it is. */
const others = (fields: { top_k?: number; min_p?: number; repetition_penalty?: number }) => fields as object;

/** Each way in which tokens are chosen. */
const samplings = [
  { temperature: 1.5 },
  { top_p: 0.5 },
  { presence_penalty: 1 },
  { frequency_penalty: 1 },
  others({ top_k: 5 }),
  others({ min_p: 0.2 }),
  others({ repetition_penalty: 1.3 }),
  { logit_bias: { '261': -100 } },
];

const person = {
  type: 'object',
  properties: { name: { type: 'string', maxLength: 8 }, age: { type: 'integer', minimum: 0, maximum: 99 } },
  required: ['name', 'age'],
  additionalProperties: false,
};
const format = { type: 'json_schema' as const, json_schema: { name: 'person', schema: person, strict: true } };
const isPerson = { name: expect.any(String), age: expect.any(Number) };
const tools = [{ type: 'function' as const, function: { name: 'greet', parameters: person } }];

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const each: T[] = [];
  for await (const item of items) each.push(item);
  return each;
}

/** Requests in hand, this one apart. */
async function inHand(): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^tensorgate_requests_in_hand (\d+)/m.exec(text)?.[1]) - 1;
}

describe('completions', () => {
  test.each(continuations)('go on as the model is known to: $prompt', async (known) => {
    const more = { model, temperature: 0, max_tokens: known.max_new_tokens };
    const generated = known.generated_ids.length + (known.finish_reason === 'stop' ? 1 : 0);
    const usage = {
      prompt_tokens: known.prompt_ids.length,
      completion_tokens: generated,
      total_tokens: known.prompt_ids.length + generated,
    };
    for (const prompt of [known.prompt, known.prompt_ids]) {
      const answer = await client.completions.create({ ...more, prompt });
      expect(answer).toMatchObject({ object: 'text_completion', model, usage });
      expect(answer.choices).toMatchObject([{ index: 0, text: textOf(known), finish_reason: known.finish_reason }]);
    }
    const stream = await client.completions.create({
      ...more,
      prompt: known.prompt,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await all(stream);
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(textOf(known));
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe(known.finish_reason);
  });

  test.each([...samplings, { n: 3 }, { logprobs: 2 }, { best_of: 1 }, { user: 'ann' }])(
    'with a seed come out the same, whole and streamed: %j',
    async (more) => {
      const body = { ...asked, seed: 7, ...more };
      const whole = await client.completions.create(body);
      const texts = whole.choices.map(({ text }) => text);
      expect(texts).toHaveLength('n' in more ? 3 : 1);
      if (texts.length > 1) expect(new Set(texts).size).toBeGreaterThan(1);
      expect((await client.completions.create(body)).choices).toEqual(whole.choices);
      const streamed = texts.map(() => '');
      for await (const { choices } of await client.completions.create({ ...body, stream: true }))
        for (const { index, text } of choices) streamed[index] += text;
      expect(streamed).toEqual(texts);
    },
  );

  test('end before a stop, are held to a bias, and tell how likely their tokens were', async () => {
    const plain = await client.completions.create({ ...asked, temperature: 0, logprobs: 3 });
    const { text = '', logprobs } = plain.choices[0] ?? {};
    expect(logprobs?.tokens?.join('')).toBe(text);
    expect(logprobs?.token_logprobs).toHaveLength(12);
    for (const top of logprobs?.top_logprobs ?? []) expect(Object.keys(top).length).toBeGreaterThanOrEqual(3);
    const stopped = await client.completions.create({ ...asked, temperature: 0, stop: [text.slice(6, 9), 'nowhere'] });
    expect(stopped.choices).toMatchObject([{ text: text.slice(0, 6), finish_reason: 'stop' }]);
    const comma = '432';
    const biased = await client.completions.create({ ...asked, temperature: 0, logit_bias: { [comma]: 100 } });
    expect(biased.choices[0]?.text).toMatch(/^(, ?)+$/);
    const echoed = await client.completions.create({ ...asked, temperature: 0, echo: true });
    expect(echoed.choices[0]?.text).toBe(asked.prompt + text);
  });

  test('of several prompts come in their order', async () => {
    const prompts = continuations.slice(0, 3);
    const { choices } = await client.completions.create({
      model,
      prompt: prompts.map(({ prompt }) => prompt),
      temperature: 0,
      max_tokens: 12,
      n: 2,
    });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const [i, known] of prompts.entries())
      for (const { text } of choices.slice(2 * i, 2 * i + 2)) expect(textOf(known)).toContain(text.trimEnd());
  });
});

describe('chats', () => {
  test('answer whole and streamed, with usage and logprobs', async () => {
    const body = { ...chatted, temperature: 0, logprobs: true, top_logprobs: 2 };
    const whole = await client.chat.completions.create(body);
    const [choice] = whole.choices;
    expect(choice).toMatchObject({ message: { role: 'assistant', refusal: null }, finish_reason: 'length' });
    expect(choice?.logprobs?.content?.map(({ token }) => token).join('')).toBe(choice?.message.content);
    expect(choice?.logprobs?.content?.every(({ top_logprobs }) => top_logprobs.length === 2)).toBe(true);
    expect(whole.usage?.completion_tokens).toBe(12);

    const streaming = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
    const pieces: string[] = [];
    streaming.on('content', (piece) => pieces.push(piece));
    const final = await streaming.finalChatCompletion();
    expect(pieces.length).toBeGreaterThan(1);
    expect([pieces.join(''), final.choices[0]?.message.content]).toEqual(Array(2).fill(choice?.message.content));
    expect(final.usage).toEqual(whole.usage);
  });

  test.each([
    ...samplings,
    { n: 2 },
    { stop: 'a' },
    { max_completion_tokens: undefined, max_tokens: 5 },
    { metadata: { a: 'b' }, user: 'ann', store: false },
  ])('with a seed come out the same, whole and streamed: %j', async (more) => {
    const body = { ...chatted, seed: 7, ...more };
    const whole = await client.chat.completions.create(body);
    const texts = whole.choices.map(({ message }) => message.content);
    const streamed = texts.map(() => '');
    for await (const { choices } of await client.chat.completions.create({ ...body, stream: true }))
      for (const { index, delta } of choices) streamed[index] += delta.content ?? '';
    expect(streamed).toEqual(texts);
    if ('stop' in more) expect(texts.join()).not.toContain('a');
    if ('max_tokens' in more) expect(whole.usage?.completion_tokens).toBeLessThanOrEqual(5);
  });

  test('are valid JSON where that is asked for, whole, streamed and parsed by the client', async () => {
    const body = { ...chatted, max_completion_tokens: 80, temperature: 1, response_format: format };
    const parsed = await client.chat.completions.parse(body);
    expect(parsed.choices[0]?.message.parsed).toEqual(isPerson);
    const streamed = await client.chat.completions.stream(body).finalContent();
    expect(JSON.parse(streamed ?? '')).toEqual(isPerson);
    const object = { ...body, response_format: { type: 'json_object' as const } };
    const { choices } = await client.chat.completions.create(object);
    expect(typeof JSON.parse(choices[0]?.message.content ?? '')).toBe('object');
  });

  test("follow zod's types, parsed by the client, as do the arguments of a tool", async () => {
    const order = z.object({
      id: z.uuid(),
      host: z.hostname(),
      within: z.iso.duration(),
      price: z.number().multipleOf(0.01).min(0).max(100),
      note: z.string().max(10).nullable(),
      lines: z.array(z.object({ size: z.enum(['S', 'M']), count: z.int().positive().max(99) })).max(2),
    });
    const body = { ...chatted, max_completion_tokens: 400, temperature: 1 };
    for (let seed = 0; seed < 5; seed += 1) {
      const answer = await client.chat.completions.parse({
        ...body,
        seed,
        response_format: zodResponseFormat(order, 'order'),
      });
      const { parsed, content } = answer.choices[0]?.message ?? {};
      expect([order.safeParse(parsed).error, JSON.parse(content ?? '')]).toEqual([undefined, parsed]);
      const sent = await client.chat.completions.parse({
        ...body,
        seed,
        tools: [zodFunction({ name: 'send', parameters: order })],
        tool_choice: 'required',
      });
      const [call] = sent.choices[0]?.message.tool_calls ?? [];
      if (call?.type !== 'function') throw new Error('there is no call');
      expect(order.safeParse(call.function.parsed_arguments).error).toBeUndefined();
    }
  });

  test('call a tool that they have to, whole, streamed, and by the client itself', async () => {
    const body = { ...chatted, max_completion_tokens: 80, tools, tool_choice: 'required' as const };
    const { choices } = await client.chat.completions.create(body);
    const [call] = choices[0]?.message.tool_calls ?? [];
    expect([choices[0]?.finish_reason, choices[0]?.message.content, call?.type]).toEqual([
      'tool_calls',
      null,
      'function',
    ]);
    if (call?.type !== 'function') throw new Error('there is no call');
    expect([call.function.name, JSON.parse(call.function.arguments)]).toEqual(['greet', isPerson]);

    const streamed = await client.chat.completions.stream(body).finalFunctionToolCall();
    expect([streamed?.name, JSON.parse(streamed?.arguments ?? '')]).toEqual(['greet', isPerson]);
  });
});

describe('a stream whose caller leaves', () => {
  const long = { ...asked, max_tokens: 400, temperature: 0, logit_bias: { '1': -100, '2': -100 } };

  test('is worked on no longer', async () => {
    const before = await inHand();
    const { data: stream, response } = await client.completions.create({ ...long, stream: true }).withResponse();
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    let received = 0;
    for await (const _ of stream) {
      received += 1;
      if (received === 3) {
        expect(await inHand()).toBe(before + 1);
        stream.controller.abort();
      }
    }
    for (let tries = 0; (await inHand()) > before && tries < 100; tries += 1) await pause(20);
    expect(await inHand()).toBe(before);
    expect(received).toBeLessThan(100);
  });

  test('after a signal, or a time-out, hears so from its client', async () => {
    const leaving = new AbortController();
    const asking = client.completions.create(long, { signal: leaving.signal });
    leaving.abort();
    await expect(asking).rejects.toThrow(OpenAI.APIUserAbortError);
    await expect(client.completions.create(long, { timeout: 1 })).rejects.toThrow(OpenAI.APIConnectionError);
  });
});

describe('embeddings, models and errors', () => {
  test('vectors are those of the model, in base64 as the client asks for them, and as numbers', async () => {
    const input = ['left', 'up up'];
    for (const more of [{}, { encoding_format: 'float' as const }]) {
      const { data, usage } = await client.embeddings.create({ model: 'words', input, ...more });
      expect(data.map(({ embedding }) => [...embedding])).toEqual([
        [-1, 0],
        [0, 1],
      ]);
      expect(usage).toEqual({ prompt_tokens: 7, total_tokens: 7 });
    }
    const { data } = await client.embeddings.create({ model: 'words', input: [[4], [4, 4]], dimensions: 2 });
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
  });

  test('models are listed and found', async () => {
    const names = (await all(client.models.list())).map(({ id }) => id);
    expect(names).toEqual(expect.arrayContaining(['story', 'words', 'classifier']));
    expect(await client.models.retrieve('story')).toMatchObject({ id: 'story', object: 'model' });
  });

  test.each([
    ['an unknown model', { model: 'nope' }, OpenAI.NotFoundError, /no model 'nope'/],
    ['a model that makes no texts', { model: 'words' }, OpenAI.BadRequestError, /task/],
    ['a temperature of 3', { temperature: 3 }, OpenAI.BadRequestError, /'temperature'/],
    ['an unknown field', { colour: 'red' }, OpenAI.BadRequestError, /no field 'colour'/],
    ['a prompt past the context', { prompt: 'up '.repeat(2000) }, OpenAI.BadRequestError, /tokens/],
    ['a bias of a word', { logit_bias: { up: 1 } }, OpenAI.BadRequestError, /'logit_bias'/],
  ])('%s is an error of its class, streamed or not', async (_, more, error, words) => {
    for (const stream of [false, true]) {
      const failed = client.completions.create({ ...asked, ...more, stream });
      await expect(failed).rejects.toThrow(error);
      await expect(failed).rejects.toThrow(words);
    }
  });

  test('a schema that is none, and a template without messages, are refused', async () => {
    const schema = { type: 'json_schema' as const, json_schema: { name: 'x', schema: { type: 'colour' } } };
    await expect(client.chat.completions.create({ ...chatted, response_format: schema })).rejects.toThrow(
      OpenAI.BadRequestError,
    );
    await expect(client.chat.completions.create({ ...chatted, messages: [] })).rejects.toThrow(OpenAI.BadRequestError);
  });
});

test('files and batches: completions of lines, their answers in order', async () => {
  const lines = continuations.slice(0, 2).map(({ prompt }, i) =>
    JSON.stringify({
      custom_id: `line-${i}`,
      method: 'POST',
      url: '/v1/completions',
      body: { model, prompt, temperature: 0, max_tokens: 8 },
    }),
  );
  const file = new File([lines.join('\n')], 'lines.jsonl');
  const { id } = await client.files.create({ file, purpose: 'batch' });
  let batch = await client.batches.create({
    input_file_id: id,
    endpoint: '/v1/completions',
    completion_window: '24h',
  });
  for (let tries = 0; !batch.output_file_id && tries < 200; tries += 1) {
    await pause(100);
    batch = await client.batches.retrieve(batch.id);
  }
  expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 2, completed: 2, failed: 0 } });
  const content = await (await client.files.content(batch.output_file_id ?? '')).text();
  const answers = content
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(answers.map(({ custom_id }) => custom_id)).toEqual(['line-0', 'line-1']);
  for (const [i, { response }] of answers.entries())
    expect(textOf(continuations[i] as Continuation)).toContain(response.body.choices[0].text.trimEnd());
});

test('fine-tuning: a new network learns from a table, with its events, and one that runs is cancelled', async () => {
  const rows = Array.from({ length: 60 }, (_row, at) => `${at},${at % 7},${at < 30 ? 'low' : 'high'}`);
  const content = ['a,b,label', ...rows].join('\n');
  const file = await client.files.create({ file: new File([content], 'rows.csv'), purpose: 'fine-tune' });
  const asked = { training_file: file.id, suffix: 'levels', hyperparameters: { n_epochs: 100, batch_size: 8 } };
  const { jobs } = client.fineTuning;
  let job = await jobs.create({ ...asked, model: 'new:logistic' });
  const next = await jobs.create({ ...asked, model: 'new:mlp' });
  const isCancelled = await jobs.cancel(next.id);
  expect(['running', 'cancelled']).toContain(isCancelled.status);
  for (let tries = 0; job.finished_at === null && tries < 600; tries += 1) {
    await pause(100);
    job = await jobs.retrieve(job.id);
  }
  expect(job).toMatchObject({ status: 'succeeded', model: 'new:logistic', fine_tuned_model: 'levels@1', error: null });
  const events = await all(jobs.listEvents(job.id, { limit: 2 }));
  expect(events.at(-1)?.message).toBe(`Created fine-tuning job: ${job.id}`);
  expect(events.length).toBeGreaterThan(4);
  const [checkpoint, ...others] = await all(jobs.checkpoints.list(job.id));
  expect(others).toEqual([]);
  expect(checkpoint).toMatchObject({ fine_tuned_model_checkpoint: 'levels@1', fine_tuning_job_id: job.id });
  expect(checkpoint?.step_number).toBe(checkpoint?.metrics.step);
  expect(checkpoint?.metrics).toMatchObject({
    train_loss: expect.any(Number),
    full_valid_loss: expect.any(Number),
  });
  expect(await all(jobs.checkpoints.list(next.id))).toEqual([]);
  expect((await jobs.list({ limit: 2 })).data.map(({ id }) => id)).toEqual([next.id, job.id]);
  expect(await jobs.retrieve(next.id)).toMatchObject({ status: 'cancelled', error: null });
  const ask = () =>
    client.post<{ predictions: { label: string }[][] }>(`/predict/${job.fine_tuned_model}`, {
      body: {
        inputs: [
          { a: 2, b: 3 },
          { a: 55, b: 3 },
        ],
      },
    });
  let answer = await ask().catch(() => undefined);
  for (let tries = 0; !answer && tries < 100; tries += 1) {
    await pause(100);
    answer = await ask().catch(() => undefined);
  }
  expect(answer?.predictions.map(([best]) => best?.label)).toEqual(['low', 'high']);
  await expect(jobs.create({ model: 'story', training_file: file.id })).rejects.toThrow(OpenAI.BadRequestError);
  await expect(jobs.retrieve('ftjob-none')).rejects.toThrow(OpenAI.NotFoundError);
});
