import { describe, expect, test } from '@jest/globals';
import { openJsonConstraint } from '../../../src/http/openai/open-json-constraint.ts';
import { ChatCaller, choicesOf } from '../../fakes/chat-caller.ts';

const weather = {
  type: 'function',
  function: { name: 'weather', parameters: { properties: { city: { type: 'string' } }, required: ['city'] } },
};
const call = '{"name": "weather", "arguments": {"city": "Bern", "days": {"n": 3}}}';

describe('tools of a chat', () => {
  let chat: ChatCaller;
  const make = (...how: ConstructorParameters<typeof ChatCaller>) => {
    chat = new ChatCaller(...how);
  };

  test.each([['required'], [{ type: 'function', function: { name: 'weather' } }]])(
    'with %j the answer is a call, held to its schema',
    async (choice) => {
      make(call);
      const other = { type: 'function', function: { name: 'other' } };
      const { json } = await chat.ask({
        tools: [weather, ...(choice === 'required' ? [] : [other])],
        tool_choice: choice,
      });
      expect(json.choices[0]).toMatchObject({
        message: {
          content: null,
          tool_calls: [
            {
              id: expect.stringMatching(/^[0-9a-z]{9}$/),
              type: 'function',
              function: { name: 'weather', arguments: '{"city": "Bern", "days": {"n": 3}}' },
            },
          ],
        },
        finish_reason: 'tool_calls',
      });
      expect(chat.schemas).toMatchObject([
        {
          schema: {
            properties: { name: { const: 'weather' }, arguments: { type: 'object', required: ['city'] } },
            required: ['name', 'arguments'],
          },
        },
      ]);
      expect(chat.model.asked[0]?.prompt).toContain('tools');
    },
  );

  test('several tools are a choice', async () => {
    make(call);
    await chat.ask({ tools: [weather, { type: 'function', function: { name: 'now' } }], tool_choice: 'required' });
    expect(chat.schemas).toMatchObject([
      {
        schema: {
          anyOf: [{ properties: { name: { const: 'weather' } } }, { properties: { name: { const: 'now' } } }],
        },
      },
    ]);
  });

  test('left to the model, an answer is a call where it begins one, and text otherwise', async () => {
    make(call);
    const calling = await chat.ask({ tools: [weather] });
    expect(calling.json.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    make('Hello {you}');
    const talking = await chat.ask({ tools: [weather] });
    expect(talking.json.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Hello {you}' } });
    expect(talking.json.choices[0].message).not.toHaveProperty('tool_calls');
  });

  test.each([
    ["I'll look it up.\n<tool_call>\n", "I'll look it up.\n"],
    ['<think>\nBern, then.\n</think>\n\n<tool_call>', '<think>\nBern, then.\n</think>\n\n'],
    ['<tool_call>\n', null],
  ])('left to the model, a call may come behind words: %j', async (words, content) => {
    make(`${words}{"name": "weather", "arguments": {"city": "Bern"}}`, undefined, openJsonConstraint);
    const { json } = await chat.ask({ tools: [weather] });
    const called = { function: { name: 'weather', arguments: '{"city": "Bern"}' } };
    expect(json.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content, tool_calls: [called] } });
    const all = choicesOf(await chat.ask({ tools: [weather], stream: true }));
    expect(all.map(({ delta }) => delta.content ?? '').join('')).toBe(content ?? '');
    const calls = all.flatMap(({ delta }) => delta.tool_calls ?? []);
    expect(calls.map((each) => each.function.arguments).join('')).toBe('{"city": "Bern"}');
    expect(all.at(-1).finish_reason).toBe('tool_calls');
  });

  const place = { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer' } } };
  const format = { type: 'json_schema', json_schema: { name: 'place', schema: place } };

  test.each([
    ['{"name": "weather", "arguments": {"city": "Bern"}}', '{"city": "Bern"}'],
    ['{"name": "weather", "size": 3}', undefined],
    ['{"name": "weather"}', undefined],
    ['{"size": 3}', undefined],
  ])('beside a schema %s is a call, or follows that', async (answer, called) => {
    make(answer, undefined, openJsonConstraint);
    const asked = { tools: [weather], response_format: format };
    const { json } = await chat.ask(asked);
    const [{ message, finish_reason: reason }] = json.choices;
    const all = choicesOf(await chat.ask({ ...asked, stream: true })).map(({ delta }) => delta);
    const calls = all.flatMap(({ tool_calls: each = [] }) => each);
    const content = all.map((delta) => delta.content ?? '').join('');
    const pieces = calls.map((each) => each.function.arguments).join('');
    expect([message.content, message.tool_calls?.[0].function.arguments, reason]).toEqual(
      called === undefined ? [answer, undefined, 'stop'] : [null, called, 'tool_calls'],
    );
    expect([content, pieces]).toEqual(called === undefined ? [answer, ''] : ['', called]);
  });

  test('beside a schema a call that has to come follows its own', async () => {
    make(call);
    const { json } = await chat.ask({ tools: [weather], tool_choice: 'required', response_format: format });
    expect(json.choices[0].finish_reason).toBe('tool_calls');
    expect(chat.schemas).toHaveLength(1);
  });

  test('a call streams piece by piece', async () => {
    make(call);
    for (const choice of ['required', 'auto']) {
      const all = choicesOf(await chat.ask({ tools: [weather], tool_choice: choice, stream: true }));
      const calls = all.flatMap(({ delta }) => delta.tool_calls ?? []);
      expect(all[0].delta).toMatchObject({ role: 'assistant', content: null });
      expect(calls[0]).toEqual({
        index: 0,
        id: expect.stringMatching(/^[0-9a-z]{9}$/),
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
    await chat.ask({ tools: [{ type: 'function', function: { name: 'now' } }], tool_choice: 'required' });
    expect(chat.schemas).toMatchObject([
      { schema: { properties: { arguments: { type: 'object', properties: {}, additionalProperties: false } } } },
    ]);
  });

  test.each(['required', 'auto'])('what is wrong with the schema of one is told by its place: %s', async (choice) => {
    const tools = [weather, { type: 'function', function: { name: 'b', parameters: { not: {} } } }];
    make(call, undefined, openJsonConstraint);
    const wrong = "[1].function.parameters has the keyword 'not', which answers cannot be held to; leave it out";
    expect(await chat.ask({ tools, tool_choice: choice })).toMatchObject({
      status: 400,
      json: { error: { message: `the JSON schema cannot be used: tools${wrong}` } },
    });
    const named = { type: 'function', function: { name: 'b' } };
    expect((await chat.ask({ tools, tool_choice: named })).json.error.message).toContain(`tools${wrong}`);
  });

  test('of a call that is cut before its arguments nothing is told', async () => {
    make(call);
    const asked = { tools: [weather], tool_choice: 'required', max_tokens: 4 };
    const { json } = await chat.ask(asked);
    expect(json.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: null } });
    expect(json.choices[0].message).not.toHaveProperty('tool_calls');
    const streamed = choicesOf(await chat.ask({ ...asked, stream: true }));
    expect(streamed.map(({ delta }) => delta.content ?? '').join('')).toBe('');
    expect(streamed.at(-1).finish_reason).toBe('length');
  });

  test('a call that is cut is told as far as it went', async () => {
    make(call);
    const { json } = await chat.ask({ tools: [weather], tool_choice: 'required', max_tokens: 50 });
    expect(json.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { tool_calls: [{ function: { name: 'weather', arguments: '{"city": "Bern", ' } }] },
    });
    const cut = choicesOf(await chat.ask({ tools: [weather], tool_choice: 'required', max_tokens: 50, stream: true }));
    expect(
      cut
        .flatMap(({ delta }) => delta.tool_calls ?? [])
        .map((each) => each.function.arguments)
        .join(''),
    ).toBe('{"city": "Bern", ');
    expect(cut.at(-1).finish_reason).toBe('length');
  });
});
