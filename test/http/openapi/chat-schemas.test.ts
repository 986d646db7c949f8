import { expect, test } from '@jest/globals';
import { readChatRequest } from '../../../src/http/openai/read-chat-request.ts';
import { chatRequest } from '../../../src/http/openapi/chat-schemas.ts';

test('the document says how many tokens may be asked for', () => {
  const { max_tokens: field } = chatRequest.properties as { readonly max_tokens: { readonly maximum: number } };
  const messages = [{ role: 'user', content: 'Hi' }];
  const read = (tokens: number) => readChatRequest({ model: 'm', messages, max_tokens: tokens }).maxTokens;
  expect(read(field.maximum)).toBe(field.maximum);
  expect(() => read(field.maximum + 1)).toThrow("field 'max_tokens': expected a whole number");
});
