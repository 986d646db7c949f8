import { beforeEach, describe, expect, test } from '@jest/globals';
import { ChatCaller, chatConfig, choicesOf } from '../../fakes/chat-caller.ts';

const weather = {
  type: 'function',
  function: { name: 'weather', parameters: { properties: { city: { type: 'string' } }, required: ['city'] } },
};

describe('POST /v1/chat/completions', () => {
  let chat: ChatCaller;
  const make = (...how: ConstructorParameters<typeof ChatCaller>) => {
    chat = new ChatCaller(...how);
  };
  // As OpenAI's clients send them.
  const withoutEffect = { audio: null, modalities: ['text'], reasoning_effort: 'low', verbosity: 'low' };

  beforeEach(() => make('Hello!'));

  test('an answer comes in the shape of OpenAI, to a prompt that the template wrote', async () => {
    const { status, json } = await chat.ask(withoutEffect);
    expect([status, json]).toEqual([
      200,
      {
        id: 'chatcmpl-r1',
        object: 'chat.completion',
        created: expect.any(Number),
        model: 'm',
        system_fingerprint: 'm@1',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'Hello!', refusal: null },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: { prompt_tokens: 22, completion_tokens: 7, total_tokens: 29 },
      },
    ]);
    expect(chat.model.asked[0]).toMatchObject({ prompt: '<s>[user]Hi[assistant]', settings: { maxTokens: 4096 - 22 } });
  });

  test('messages of all kinds reach the template', async () => {
    await chat.ask({
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          name: 'me',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        {
          role: 'assistant',
          content: null,
          audio: null,
          annotations: [],
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x": 1}' } },
            { id: 'c2', type: 'function', function: { name: 'g', arguments: '' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: '7' },
      ],
      max_completion_tokens: 3,
      n: 2,
    });
    expect(chat.model.asked[0]?.prompt).toBe(
      '<s>[system]Be brief.[user]ab[assistant][{"id": "c1", "type": "function", "function": {"name": "f", "arguments": {"x": 1}}}, {"id": "c2", "type": "function", "function": {"name": "g", "arguments": {}}}][tool]7[assistant]',
    );
    expect(chat.model.asked.map(({ settings }) => settings.maxTokens)).toEqual([3, 3]);
  });

  test('answers that were cut are sent back as they came', async () => {
    const cut = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x": [1' } };
    await chat.ask({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: null, refusal: null },
        { role: 'user', content: 'b' },
        { role: 'assistant', content: null, refusal: null, tool_calls: [cut] },
        { role: 'tool', tool_call_id: 'c1', content: 'cut' },
      ],
    });
    expect(chat.model.asked[0]?.prompt).toBe(
      '<s>[user]a[assistant][user]b[assistant][{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\\"x\\": [1"}}][tool]cut[assistant]',
    );
  });

  test('the token that a text begins with is added where the template leaves it to the tokenizer', async () => {
    const bare = '{% for m in messages %}{{ m.content }}{% endfor %}';
    make('', { chat_template: bare, bos_token: { content: '<s>' }, add_bos_token: true });
    await chat.ask({});
    expect(chat.model.asked[0]?.prompt).toBe('<s>Hi');
    make('', { chat_template: bare, bos_token: '<s>', add_bos_token: false });
    await chat.ask({});
    expect(chat.model.asked[0]?.prompt).toBe('Hi');
    make('', { ...chatConfig, add_bos_token: true });
    await chat.ask({});
    expect(chat.model.asked[0]?.prompt).toBe('<s>[user]Hi[assistant]');
  });

  test('of several templates that for tools is taken where there are some', async () => {
    const named = [
      { name: 'default', template: 'plain' },
      { name: 'tool_use', template: 'with {{ tools[0].function.name }}' },
    ];
    make('', { chat_template: named });
    await chat.ask({});
    await chat.ask({ tools: [weather], tool_choice: 'none' });
    expect(chat.model.asked.map(({ prompt }) => prompt)).toEqual(['plain', 'with weather']);
  });

  test('probabilities come with their tokens and bytes', async () => {
    make('é');
    const { json } = await chat.ask({ logprobs: true, top_logprobs: 1 });
    const content = json.choices[0].logprobs.content;
    expect(content).toEqual([
      expect.objectContaining({ token: '\uFFFD', bytes: [195] }),
      {
        token: 'é',
        logprob: -2 / 8,
        bytes: [169],
        top_logprobs: [{ token: 'é', logprob: -2 / 8, bytes: [169] }],
      },
    ]);
    const streamed = choicesOf(await chat.ask({ logprobs: true, stream: true }));
    expect(streamed.flatMap(({ logprobs }) => logprobs?.content ?? [])).toHaveLength(2);
  });

  test('a stream begins with the role, and ends with why it ended and a word', async () => {
    make('né');
    const answer = await chat.ask({ stream: true, stream_options: { include_usage: true } });
    expect(answer.events.map((event) => event.choices?.[0] ?? event)).toMatchObject([
      { index: 0, delta: { role: 'assistant', content: 'n' }, logprobs: null, finish_reason: null },
      { delta: { content: 'é' }, finish_reason: null },
      { delta: {}, finish_reason: 'stop' },
      { object: 'chat.completion.chunk', usage: { prompt_tokens: 22, completion_tokens: 4, total_tokens: 26 } },
      '[DONE]',
    ]);
  });

  test('each answer that follows a schema has what holds it to that', async () => {
    make('{}');
    await chat.ask({ response_format: { type: 'json_object' }, n: 2, max_tokens: 9 });
    const schema = { type: 'object', properties: { a: { type: 'integer' } } };
    await chat.ask({ response_format: { type: 'json_schema', json_schema: { name: 's', strict: true, schema } } });
    await chat.ask({ response_format: { type: 'text' } });
    expect(chat.schemas).toEqual([
      { schema: { type: 'object' }, maxTokens: 9 },
      { schema: { type: 'object' }, maxTokens: 9 },
      { schema, maxTokens: 4074 },
    ]);
    expect(chat.constraints.every(({ isReleased }) => isReleased)).toBe(true);
    expect(chat.model.asked.at(-1)?.settings.constraint).toBeUndefined();
  });

  test('a stop may stand beside tools that are not to be called', async () => {
    const { json } = await chat.ask({ tools: [weather], tool_choice: 'none', stop: 'lo' });
    expect(json.choices[0]).toMatchObject({ message: { content: 'Hel' }, finish_reason: 'stop' });
  });

  test('a schema that is none is refused before anything is streamed', async () => {
    const format = { type: 'json_schema', json_schema: { name: 's', schema: { broken: true } } };
    expect(await chat.ask({ response_format: format, stream: true })).toMatchObject({
      status: 400,
      json: { error: { message: 'the schema is none' } },
    });
  });

  test.each([
    [undefined, 'the model has no chat template'],
    [{}, 'the model has no chat template'],
    [{ chat_template: [{ name: 'rag', template: '' }] }, 'the model has no chat template'],
    [{ chat_template: '{% for %}' }, 'does not parse'],
    [{ chat_template: "{{ raise_exception('after a user comes an assistant') }}" }, 'after a user comes an assistant'],
  ])('a model whose settings are %j says why it cannot chat', async (tokenizerConfig, words) => {
    chat = new ChatCaller('', tokenizerConfig ?? null);
    const { status, json } = await chat.ask({});
    expect([status, json.error.message]).toEqual([400, expect.stringContaining(words)]);
  });
});
