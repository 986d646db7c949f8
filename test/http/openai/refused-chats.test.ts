import { describe, expect, test } from '@jest/globals';
import { openJsonConstraint } from '../../../src/http/openai/open-json-constraint.ts';
import { ChatCaller } from '../../fakes/chat-caller.ts';

const messages = [{ role: 'user', content: 'Hi' }];
const weather = {
  type: 'function',
  function: { name: 'weather', parameters: { properties: { city: { type: 'string' } }, required: ['city'] } },
};

const called = (given: string) => ({
  role: 'assistant',
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: given } }],
});

describe('a chat', () => {
  test.each([
    [{ messages: undefined }, "field 'messages': expected a list of messages"],
    [{ messages: [] }, "field 'messages'"],
    [{ messages: ['Hi'] }, 'messages[0]: expected an object'],
    [{ messages: [{ role: 'king', content: '' }] }, 'messages[0].role: expected one of system, developer'],
    [{ messages: [{ role: 'toString', content: '' }] }, 'messages[0].role'],
    [{ messages: [...messages, { role: 'user' }] }, 'messages[1].content: expected a text, or parts'],
    [{ messages: [{ role: 'user', content: null }] }, 'messages[0].content: expected a text, or parts'],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages[0].content[0]: expected'],
    [{ messages: [{ role: 'user', content: '', colour: 1 }] }, "messages[0]: there is no field 'colour'"],
    [
      { messages: [{ role: 'user', content: '', tool_calls: [] }] },
      'messages[0].tool_calls: expected calls of an assistant',
    ],
    [
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '[1]' } }] }] },
      'tool_calls[0]',
    ],
    [
      { messages: [called('{"id": [1, 1234567890123456789]}')] },
      'messages[0].tool_calls[0].function.arguments: the model would read 1234567890123456789 as another number',
    ],
    [{ messages: [{ role: 'user', content: 'Hi'.repeat(50_000) }] }, 'characters, too many for the 4096 tokens'],
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
    [{ tool_choice: 'required' }, "field 'tool_choice': expected nothing without 'tools'"],
    [{ top_logprobs: 3 }, "field 'top_logprobs': expected nothing without"],
    [{ logprobs: true, top_logprobs: 21 }, "field 'top_logprobs'"],
    [{ modalities: ['audio'] }, 'language models here answer in text alone'],
    [{ n: 1000 }, "field 'n': expected a whole number from 1 to 128, got 1000"],
    [{ stop: [''] }, "field 'stop'"],
  ])('%.80j is refused', async (body, words) => {
    const { status, json } = await new ChatCaller('Hello!').ask(body);
    expect([status, json.error?.type]).toEqual([400, 'invalid_request_error']);
    expect(json.error.message).toContain(words);
  });
});

describe('what is at fault of a chat', () => {
  test.each([
    [{ tools: [weather, { type: 'function' }] }, 'tools[1]'],
    [
      { tools: [{ type: 'function', function: { name: 'b', parameters: { type: 'string' } } }] },
      'tools[0].function.parameters.type',
    ],
    [{ tools: [weather, weather] }, 'tools[1].function.name'],
    [
      { tools: [{ type: 'function', function: { name: 'b', parameters: { not: {} } } }] },
      'tools[0].function.parameters',
    ],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { not: {} } } } }, 'response_format'],
    [
      {
        tools: [weather],
        response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { not: {} } } },
      },
      'response_format',
    ],
    [{ messages: ['Hi'] }, 'messages[0]'],
  ])('%.80j is told by its place', async (body, param) => {
    const { json } = await new ChatCaller('Hello!', undefined, openJsonConstraint).ask(body);
    expect(json.error).toMatchObject({ type: 'invalid_request_error', param });
  });
});
