import { describe, expect, test } from '@jest/globals';
import { openChatTemplate } from '../../src/adapters/open-chat-template.ts';

const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hi' },
];

async function write(source: string, more: object = {}, timeoutMs = 1000): Promise<string> {
  return (await openChatTemplate(source, { timeoutMs }))({ messages, ...more });
}

describe('chat templates', () => {
  test('a conversation is written as the template says', async () => {
    const source =
      "{{ bos_token }}{% for message in messages %}\n{{ '<|' + message['role'] + '|>' + message.content }}\n{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}{{ range(1, 7, 2) | length }}";
    const text = await write(source, { bos_token: '<s>', add_generation_prompt: true });
    expect(text).toBe('<s><|system|>Be brief.\n<|user|>Hi\n<|assistant|>3');
    expect(await write('\n{{ range(3) }}')).toBe('\n[0, 1, 2]');
  });

  test('one that does not parse says so', async () => {
    await expect(openChatTemplate('{% for %}')).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/^the model's chat template does not parse: .+completions/),
    });
  });

  test('what a template refuses is told in its words', async () => {
    await expect(write("{{ raise_exception('Roles must alternate') }}")).rejects.toMatchObject({
      status: 400,
      message: "the model's chat template refuses the conversation: Roles must alternate",
    });
  });

  test.each([
    [
      '{{ messages[0].content|e }}',
      'fails: Unknown StringValue filter: e; templates are run by @huggingface/jinja, which',
    ],
    ['{{ 1 + none }}', 'fails: Cannot perform operation on null values; templates are run by'],
  ])('what fails of itself, as it may for want of what Jinja has, is no refusal: %s', async (source, words) => {
    await expect(write(source)).rejects.toMatchObject({ status: 400, message: expect.stringContaining(words) });
  });

  test.each([
    [
      'loops',
      '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}',
      'takes longer than 50 ms',
    ],
    ['long ranges', '{{ range(1000000000) }}', 'expected 100000 numbers at most, got 1000000000'],
    ['ranges without an end', '{{ range(1, 5, 0) }}', 'got Infinity'],
    ['long templates', 'x'.repeat(300_000), 'has 300000 characters, more than the limit'],
  ])('%s are bounded', async (_, source, words) => {
    await expect(write(source, {}, 50)).rejects.toMatchObject({ status: 400, message: expect.stringContaining(words) });
  });
});
