import { describe, expect, test } from '@jest/globals';
import type { TextPiece } from '../../../src/core/generation/generate-text.ts';
import { ChatWriter } from '../../../src/http/openai/chat-writer.ts';

const frame = { id: 'chatcmpl-r1', created: 0, model: 'm', system_fingerprint: 'm@1' };

describe('an answer that ended before it was known whether it is a call', () => {
  test.each([
    ['<tool_call>', ''],
    ['\n<tool_call>\n', ''],
    ['\n ', '\n '],
  ])('%j says %j, whole and as a stream', (text, said) => {
    const writer = new ChatWriter(frame, { includeUsage: false, logprobs: undefined, isCall: () => undefined });
    const usage = { promptTokens: 1, completionTokens: 1 };
    expect(writer.whole([{ text, tokens: [], finish: 'length' }], usage)).toMatchObject({
      choices: [{ message: { content: said }, finish_reason: 'length' }],
    });
    const pieces: TextPiece[] = [...text].map((each) => ({ text: each, tokens: [] }));
    const chunks = [...pieces, { text: '', tokens: [], finish: 'length' } as const].flatMap((piece) =>
      writer.piece(0, piece),
    ) as readonly { readonly choices: readonly { readonly delta: { readonly content?: string } }[] }[];
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(said);
    expect(chunks.at(-1)).toMatchObject({ choices: [{ finish_reason: 'length' }] });
  });
});
