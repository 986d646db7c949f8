import { afterEach, expect, jest, test } from '@jest/globals';
import { warnOfChatTemplate } from '../../cli/warn-of-chat-template.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

const broken = '{% if %}';
const whole = '{{ messages }}';

afterEach(() => {
  jest.restoreAllMocks();
});

test.each([
  ['no files', {}, 0],
  ['a template that parses', { 'chat_template.jinja': whole }, 0],
  ['one that does not', { 'chat_template.jinja': broken }, 1],
  ['one in tokenizer_config.json', { 'tokenizer_config.json': JSON.stringify({ chat_template: broken }) }, 1],
  [
    'one that another goes before',
    { 'chat_template.jinja': whole, 'tokenizer_config.json': `{"chat_template": "${broken}"}` },
    0,
  ],
  [
    'one for tools',
    {
      'tokenizer_config.json': JSON.stringify({
        chat_template: [
          { name: 'default', template: whole },
          { name: 'tool_use', template: broken },
        ],
      }),
    },
    1,
  ],
  ['a broken tokenizer_config.json', { 'tokenizer_config.json': '{' }, 0],
])('of %s', async (_what, files: Readonly<Record<string, string>>, warnings) => {
  const print = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  await warnOfChatTemplate(async (file) => {
    const text = files[file];
    if (text === undefined) throw new ServiceError(404, `there is no ${file}`);
    return text;
  });

  expect(print.mock.calls.flat()).toEqual(
    Array.from({ length: warnings }, () => expect.stringContaining('does not parse')),
  );
});
