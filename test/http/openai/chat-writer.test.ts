import { describe, expect, test } from '@jest/globals';
import type { CallPlace } from '../../../src/core/generation/call-place.ts';
import type { TextPiece } from '../../../src/core/generation/generate-text.ts';
import { ChatWriter } from '../../../src/http/openai/chat-writer.ts';

const frame = { id: 'chatcmpl-r1', created: 0, model: 'm', system_fingerprint: 'm@1' };

interface Delta {
  readonly role?: string;
  readonly content?: string | null;
  readonly tool_calls?: readonly { readonly function: { readonly name?: string; readonly arguments: string } }[];
}

function written(text: string, place: CallPlace | undefined, finish: 'end' | 'length') {
  const usage = { promptTokens: 1, completionTokens: 1 };
  const writer = () => new ChatWriter(frame, { includeUsage: false, logprobs: undefined, callIn: () => place });
  const whole = writer().whole([{ text, tokens: [], finish }], usage) as {
    readonly choices: readonly { readonly message: Delta; readonly finish_reason: string }[];
  };
  const streaming = writer();
  const pieces: TextPiece[] = [
    ...[...text].map((each) => ({ text: each, tokens: [] })),
    { text: '', tokens: [], finish },
  ];
  const chunks = pieces.flatMap((piece) => streaming.piece(0, piece)) as readonly {
    readonly choices: readonly { readonly delta: Delta; readonly finish_reason: string | null }[];
  }[];
  const deltas = chunks.map(({ choices }) => choices[0]?.delta ?? {});
  return { whole: whole.choices[0], deltas, reason: chunks.at(-1)?.choices[0]?.finish_reason };
}

const contentOf = (deltas: readonly Delta[]) => deltas.map(({ content }) => content ?? '').join('');
const callOf = (deltas: readonly Delta[]) => deltas.flatMap((delta) => delta.tool_calls ?? []);
const call = '<tool_call>\n{"name": "f", "arguments": {"a": 1}}';

describe('an answer, whole and as a stream', () => {
  test.each<[string, CallPlace | undefined, string | null, boolean]>([
    ['\n ', undefined, '\n ', false],
    ['\n<tool_call>\n', 'whole', null, false],
    [call, 'whole', null, true],
    [call, 'behind words', null, true],
    [`\n${call}`, 'behind words', null, true],
    [`Let <me> see.\n${call}`, 'behind words', 'Let <me> see.\n', true],
    ['a <tool_call>', 'behind words', 'a ', false],
    ['a <tool_cal', 'behind words', 'a <tool_cal', false],
    ['a <tool_call>x', 'none', 'a <tool_call>x', false],
  ])('%j, with a call %s, says %j and calls: %s', (text, place, said, isCall) => {
    const { whole, deltas, reason } = written(text, place, isCall ? 'end' : 'length');
    expect(whole).toMatchObject({ message: { content: said }, finish_reason: isCall ? 'tool_calls' : 'length' });
    const called = { function: { name: 'f', arguments: '{"a": 1}' } };
    expect(whole?.message.tool_calls).toEqual(isCall ? [expect.objectContaining(called)] : undefined);
    expect([contentOf(deltas), reason]).toEqual([said ?? '', isCall ? 'tool_calls' : 'length']);
    expect(deltas.filter(({ role }) => role).length).toBe(1);
    const pieces = callOf(deltas);
    expect(pieces.map((each) => each.function.arguments).join('')).toBe(isCall ? '{"a": 1}' : '');
    expect(pieces.filter((each) => each.function.name === 'f')).toHaveLength(isCall ? 1 : 0);
  });

  test('words are told as they come, but for what may be the beginning of a mark', () => {
    const { deltas } = written('ab<tx', 'behind words', 'end');
    expect(deltas.flatMap(({ content }) => content ?? [])).toEqual(['a', 'b', '<tx']);
  });
});
