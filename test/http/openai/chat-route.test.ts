import { beforeEach, describe, expect, test } from '@jest/globals';
import type { LanguageModel } from '../../../src/core/generation/language-model.ts';
import { chatRoute } from '../../../src/http/openai/chat-route.ts';
import { openJsonConstraint } from '../../../src/http/openai/open-json-constraint.ts';
import type { TokenConstraint } from '../../../src/ports/token-constraint.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { FakeLanguageModel } from '../../fakes/fake-language-model.ts';
import { type Answered, readAnswer, TextService } from '../../fakes/text-service.ts';

const path = '/v1/chat/completions';
const template =
  '{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% if m.tool_calls %}{{ m.tool_calls | tojson }}{% endif %}{% endfor %}{% if tools %}{{ tools | length }} tools{% endif %}{% if add_generation_prompt %}[assistant]{% endif %}';
const config = { chat_template: template, bos_token: '<s>' };
const messages = [{ role: 'user', content: 'Hi' }];
const weather = {
  type: 'function',
  function: { name: 'weather', parameters: { properties: { city: { type: 'string' } }, required: ['city'] } },
};
const call = '{"name": "weather", "arguments": {"city": "Bern", "days": {"n": 3}}}';

/** Lets pass what begins with a brace, and keeps what it was asked for. */
class Braces implements TokenConstraint {
  readonly accepted: number[] = [];
  isReleased = false;

  allowed(): Uint32Array {
    const words = new Uint32Array(9);
    words[0x7b >>> 5] = 1 << (0x7b & 31);
    return words;
  }

  accept(token: number): void {
    this.accepted.push(token);
  }

  release(): void {
    this.isReleased = true;
  }
}

describe('POST /v1/chat/completions', () => {
  let model: FakeLanguageModel;
  let service: TextService;
  let schemas: object[];
  let constraints: Braces[];

  function make(answer: string, tokenizerConfig: LanguageModel['tokenizerConfig'] = config): void {
    schemas = [];
    constraints = [];
    model = new FakeLanguageModel(() => answer, { config: tokenizerConfig });
    service = new TextService(model, async (schema, _, maxTokens) => {
      if ('broken' in schema) throw new ServiceError(400, 'the schema is none');
      schemas.push({ schema, maxTokens });
      const constraint = new Braces();
      constraints.push(constraint);
      return constraint;
    });
  }

  const ask = async (body: object): Promise<Answered> => {
    const handler = chatRoute(service.parts);
    return readAnswer(await service.send(handler, path, { model: 'm', messages, ...body }));
  };
  // As OpenAI's clients send them.
  const withoutEffect = { audio: null, modalities: ['text'], reasoning_effort: 'low', verbosity: 'low' };
  const deltas = ({ events }: Answered) => events.slice(0, -1).map((event) => event.choices[0]);

  beforeEach(() => make('Hello!'));

  test('an answer comes in the shape of OpenAI, to a prompt that the template wrote', async () => {
    const { status, json } = await ask(withoutEffect);
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
    expect(model.asked[0]).toMatchObject({ prompt: '<s>[user]Hi[assistant]', settings: { maxTokens: 4096 - 22 } });
  });

  test('messages of all kinds reach the template', async () => {
    await ask({
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
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"x": 1}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: '7' },
      ],
      max_completion_tokens: 3,
      n: 2,
    });
    expect(model.asked[0]?.prompt).toBe(
      '<s>[system]Be brief.[user]ab[assistant][{"id": "c1", "type": "function", "function": {"name": "f", "arguments": {"x": 1}}}][tool]7[assistant]',
    );
    expect(model.asked.map(({ settings }) => settings.maxTokens)).toEqual([3, 3]);
  });

  test('the token that a text begins with is added where the template leaves it to the tokenizer', async () => {
    const bare = '{% for m in messages %}{{ m.content }}{% endfor %}';
    make('', { chat_template: bare, bos_token: { content: '<s>' }, add_bos_token: true });
    await ask({});
    expect(model.asked[0]?.prompt).toBe('<s>Hi');
    make('', { chat_template: bare, bos_token: '<s>', add_bos_token: false });
    await ask({});
    expect(model.asked[0]?.prompt).toBe('Hi');
    make('', { ...config, add_bos_token: true });
    await ask({});
    expect(model.asked[0]?.prompt).toBe('<s>[user]Hi[assistant]');
  });

  test('of several templates that for tools is taken where there are some', async () => {
    const named = [
      { name: 'default', template: 'plain' },
      { name: 'tool_use', template: 'with {{ tools[0].function.name }}' },
    ];
    make('', { chat_template: named });
    await ask({});
    await ask({ tools: [weather], tool_choice: 'none' });
    expect(model.asked.map(({ prompt }) => prompt)).toEqual(['plain', 'with weather']);
  });

  test('probabilities come with their tokens and bytes', async () => {
    make('é');
    const { json } = await ask({ logprobs: true, top_logprobs: 1 });
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
    const streamed = deltas(await ask({ logprobs: true, stream: true }));
    expect(streamed.flatMap(({ logprobs }) => logprobs?.content ?? [])).toHaveLength(2);
  });

  test('a stream begins with the role, and ends with why it ended and a word', async () => {
    make('né');
    const answer = await ask({ stream: true, stream_options: { include_usage: true } });
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
    await ask({ response_format: { type: 'json_object' }, n: 2, max_tokens: 9 });
    const schema = { type: 'object', properties: { a: { type: 'integer' } } };
    await ask({ response_format: { type: 'json_schema', json_schema: { name: 's', strict: true, schema } } });
    await ask({ response_format: { type: 'text' } });
    expect(schemas).toEqual([
      { schema: { type: 'object' }, maxTokens: 9 },
      { schema: { type: 'object' }, maxTokens: 9 },
      { schema, maxTokens: 4074 },
    ]);
    expect(constraints.every(({ isReleased }) => isReleased)).toBe(true);
    expect(model.asked.at(-1)?.settings.constraint).toBeUndefined();
  });

  test('a stop may stand beside tools that are not to be called', async () => {
    const { json } = await ask({ tools: [weather], tool_choice: 'none', stop: 'lo' });
    expect(json.choices[0]).toMatchObject({ message: { content: 'Hel' }, finish_reason: 'stop' });
  });

  test('a schema that is none is refused before anything is streamed', async () => {
    const format = { type: 'json_schema', json_schema: { name: 's', schema: { broken: true } } };
    expect(await ask({ response_format: format, stream: true })).toMatchObject({
      status: 400,
      json: { error: { message: 'the schema is none' } },
    });
  });

  describe('tools', () => {
    test.each([['required'], [{ type: 'function', function: { name: 'weather' } }]])(
      'with %j the answer is a call, held to its schema',
      async (choice) => {
        make(call);
        const other = { type: 'function', function: { name: 'other' } };
        const { json } = await ask({
          tools: [weather, ...(choice === 'required' ? [] : [other])],
          tool_choice: choice,
        });
        expect(json.choices[0]).toMatchObject({
          message: {
            content: null,
            tool_calls: [
              {
                id: 'call_r1-0',
                type: 'function',
                function: { name: 'weather', arguments: '{"city": "Bern", "days": {"n": 3}}' },
              },
            ],
          },
          finish_reason: 'tool_calls',
        });
        expect(schemas).toMatchObject([
          {
            schema: {
              properties: { name: { const: 'weather' }, arguments: { type: 'object', required: ['city'] } },
              required: ['name', 'arguments'],
            },
          },
        ]);
        expect(model.asked[0]?.prompt).toContain('tools');
      },
    );

    test('several tools are a choice', async () => {
      make(call);
      await ask({ tools: [weather, { type: 'function', function: { name: 'now' } }], tool_choice: 'required' });
      expect(schemas).toMatchObject([
        {
          schema: {
            anyOf: [{ properties: { name: { const: 'weather' } } }, { properties: { name: { const: 'now' } } }],
          },
        },
      ]);
    });

    test('left to the model, an answer is a call where it begins one, and text otherwise', async () => {
      make(call);
      const calling = await ask({ tools: [weather] });
      expect(calling.json.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
      make('Hello {you}');
      const talking = await ask({ tools: [weather] });
      expect(talking.json.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hello {you}' } });
      expect(talking.json.choices[0].message).not.toHaveProperty('tool_calls');
    });

    test('a call streams piece by piece', async () => {
      make(call);
      for (const choice of ['required', 'auto']) {
        const all = deltas(await ask({ tools: [weather], tool_choice: choice, stream: true }));
        const calls = all.flatMap(({ delta }) => delta.tool_calls ?? []);
        expect(all[0].delta).toMatchObject({ role: 'assistant', content: null });
        expect(calls[0]).toEqual({
          index: 0,
          id: 'call_r1-0',
          type: 'function',
          function: { name: 'weather', arguments: '{' },
        });
        expect(calls.length).toBeGreaterThan(10);
        expect(calls.map((each) => each.function.arguments).join('')).toBe('{"city": "Bern", "days": {"n": 3}}');
        expect(all.at(-1)).toMatchObject({ delta: {}, finish_reason: 'tool_calls' });
      }
    });

    test('a function that says no parameters takes none', async () => {
      make('{"name": "now", "arguments": {}}');
      await ask({ tools: [{ type: 'function', function: { name: 'now' } }], tool_choice: 'required' });
      expect(schemas).toMatchObject([
        { schema: { properties: { arguments: { type: 'object', properties: {}, additionalProperties: false } } } },
      ]);
    });

    test.each(['required', 'auto'])('what is wrong with the schema of one is told by its place: %s', async (choice) => {
      const tools = [weather, { type: 'function', function: { name: 'b', parameters: { not: {} } } }];
      make(call);
      service = new TextService(model, openJsonConstraint);
      const wrong = "[1].function.parameters has the keyword 'not', which answers cannot be held to; leave it out";
      expect(await ask({ tools, tool_choice: choice })).toMatchObject({
        status: 400,
        json: { error: { message: `the JSON schema cannot be used: tools${wrong}` } },
      });
      const named = { type: 'function', function: { name: 'b' } };
      expect((await ask({ tools, tool_choice: named })).json.error.message).toContain(`tools${wrong}`);
    });

    test('of a call that is cut before its arguments nothing is told', async () => {
      make(call);
      const asked = { tools: [weather], tool_choice: 'required', max_tokens: 4 };
      const { json } = await ask(asked);
      expect(json.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: null } });
      expect(json.choices[0].message).not.toHaveProperty('tool_calls');
      const streamed = deltas(await ask({ ...asked, stream: true }));
      expect(streamed.map(({ delta }) => delta.content ?? '').join('')).toBe('');
      expect(streamed.at(-1).finish_reason).toBe('length');
    });

    test('a call that is cut is told as far as it went', async () => {
      make(call);
      const { json } = await ask({ tools: [weather], tool_choice: 'required', max_tokens: 50 });
      expect(json.choices[0]).toMatchObject({
        finish_reason: 'length',
        message: { tool_calls: [{ function: { name: 'weather', arguments: '{"city": "Bern", ' } }] },
      });
      const cut = deltas(await ask({ tools: [weather], tool_choice: 'required', max_tokens: 50, stream: true }));
      expect(
        cut
          .flatMap(({ delta }) => delta.tool_calls ?? [])
          .map((each) => each.function.arguments)
          .join(''),
      ).toBe('{"city": "Bern", ');
      expect(cut.at(-1).finish_reason).toBe('length');
    });
  });

  test.each([
    [{ messages: undefined }, "field 'messages': expected a list of messages"],
    [{ messages: [] }, "field 'messages'"],
    [{ messages: ['Hi'] }, 'messages[0]: expected an object'],
    [{ messages: [{ role: 'king', content: '' }] }, 'messages[0].role: expected one of system, developer'],
    [{ messages: [{ role: 'toString', content: '' }] }, 'messages[0].role'],
    [{ messages: [...messages, { role: 'user' }] }, 'messages[1].content: expected a text, or parts'],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages[0].content[0]: expected'],
    [{ messages: [{ role: 'user', content: '', colour: 1 }] }, "messages[0]: there is no field 'colour'"],
    [
      { messages: [{ role: 'user', content: '', tool_calls: [] }] },
      'messages[0].tool_calls: expected calls of an assistant',
    ],
    [
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '[' } }] }] },
      'tool_calls[0]',
    ],
    [{ messages: Array.from({ length: 10_000 }, () => messages[0]) }, 'characters, too many for the 4096 tokens'],
    [{ functions: [] }, "there is no field 'functions'"],
    [{ response_format: { type: 'xml' } }, "field 'response_format'"],
    [{ response_format: { type: 'json_schema' } }, "field 'response_format'"],
    [{ response_format: { type: 'json_schema', json_schema: { schema: {} } } }, "field 'response_format'"],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'a b', schema: {} } } }, '1 to 64 letters'],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'a', strict: 'yes', schema: {} } } },
      '"strict": true or false',
    ],
    [{ response_format: { type: 'json_object' }, stop: ['}'] }, "field 'stop': expected none where the answer is JSON"],
    [{ tools: [weather], stop: '}' }, "field 'stop': expected none where the answer is JSON or may call a tool"],
    [{ tools: [{ type: 'function' }] }, 'tools[0]: expected'],
    [
      { tools: [weather, { type: 'function', function: { name: 'b', parameters: { type: 'string' } } }] },
      'tools[1].function.parameters: expected a schema of "type": "object"',
    ],
    [{ tools: [weather, weather] }, "there are two functions 'weather'"],
    [{ tools: [weather], tool_choice: 'sometimes' }, "field 'tool_choice'"],
    [{ tools: [weather], tool_choice: { type: 'function', function: { name: 'x' } } }, "expected one of 'tools'"],
    [{ tool_choice: 'required' }, "field 'tool_choice'"],
    [{ tools: [weather], response_format: { type: 'json_object' } }, "fields 'tools' and 'response_format'"],
    [{ top_logprobs: 3 }, "field 'top_logprobs': expected nothing without"],
    [{ logprobs: true, top_logprobs: 21 }, "field 'top_logprobs'"],
    [{ modalities: ['audio'] }, 'language models here answer in text alone'],
    [{ n: 1000 }, "field 'n': expected a whole number from 1 to 128, got 1000"],
    [{ stop: [''] }, "field 'stop'"],
  ])('%.80j is refused', async (body, words) => {
    const { status, json } = await ask(body);
    expect([status, json.error?.type]).toEqual([400, 'invalid_request_error']);
    expect(json.error.message).toContain(words);
  });

  test.each([
    [undefined, 'the model has no chat template'],
    [{}, 'the model has no chat template'],
    [{ chat_template: [{ name: 'rag', template: '' }] }, 'the model has no chat template'],
    [{ chat_template: '{% for %}' }, 'does not parse'],
    [{ chat_template: "{{ raise_exception('after a user comes an assistant') }}" }, 'after a user comes an assistant'],
  ])('a model whose settings are %j says why it cannot chat', async (tokenizerConfig, words) => {
    model = new FakeLanguageModel(() => '', tokenizerConfig && { config: tokenizerConfig });
    service = new TextService(model, () => Promise.reject(new Error()));
    const { status, json } = await ask({});
    expect([status, json.error.message]).toEqual([400, expect.stringContaining(words)]);
  });
});
