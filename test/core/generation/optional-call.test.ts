import { describe, expect, test } from '@jest/globals';
import { OptionalCall } from '../../../src/core/generation/optional-call.ts';
import type { LateConstraint } from '../../../src/ports/token-constraint.ts';
import type { Tokenizer } from '../../../src/ports/tokenizer.ts';

const tokens = [
  '{',
  '"name"',
  'Hello',
  ' ',
  '\n',
  '<tool_call>',
  '',
  '<tool',
  '_call',
  '>',
  '>{',
  '>\n',
  '>x',
  ' _call',
];
const tokenizer = {
  decode: ([id = -1]: readonly number[]) => tokens[id]?.trim() ?? '',
  // The mark is one that was added to the others.
  tokenBytes: () => tokens.map((text) => (text === '<tool_call>' ? undefined : new TextEncoder().encode(text))),
} as unknown as Tokenizer;

class Grammar implements LateConstraint {
  accepted: string[] = [];
  isReleased = false;
  allowed = () => Uint32Array.of(this.accepted.length === 0 ? 0b1 : 0b10);
  accept = (token: number) => void this.accepted.push(tokens[token] as string);
  begin = (bytes: Uint8Array) => {
    const text = new TextDecoder().decode(bytes);
    if (text !== '') this.accepted.push(text);
    return text === '' || text === '{';
  };
  release = () => {
    this.isReleased = true;
  };
}

function tell(...words: readonly string[]) {
  const grammar = new Grammar();
  const call = new OptionalCall(grammar, tokenizer);
  const free: boolean[] = [];
  for (const word of words) {
    free.push(call.allowed() === undefined);
    call.accept(tokens.indexOf(word));
  }
  return { place: call.place, accepted: grammar.accepted, free, call, grammar };
}

describe('a call that the model may make', () => {
  test('is held to its grammar from its first token on', () => {
    expect(tell('{', '"name"')).toMatchObject({ place: 'whole', accepted: ['{', '"name"'], free: [true, false] });
    const marked = tell(' ', '<tool_call>', '{', '"name"');
    expect(marked).toMatchObject({ place: 'whole', accepted: ['{', '"name"'], free: [true, true, false, false] });
  });

  test('may come behind words and a mark, however that is cut into tokens', () => {
    const behind = { place: 'behind words', accepted: ['{'] };
    expect(tell('Hello', '\n', '<tool_call>', '{')).toMatchObject({ ...behind, free: [true, true, true, false] });
    expect(tell('Hello', '<tool', '_call', '>', '{')).toMatchObject({
      ...behind,
      free: [true, true, true, true, false],
    });
    expect(tell('Hello', '<tool', '_call', '>{')).toMatchObject(behind);
    expect(tell('Hello', '<tool', '_call', '>\n', '{')).toMatchObject(behind);
  });

  test('may have a line for its mark, and no other', () => {
    const { call } = tell('<tool_call>');
    expect(call.allowed()).toEqual(Uint32Array.of(0b10001));
    call.accept(tokens.indexOf('\n'));
    expect(call.allowed()).toEqual(Uint32Array.of(0b1));
  });

  test('any other text is free, also where a call would go on like it', () => {
    expect(tell('Hello', '{')).toMatchObject({ place: 'behind words', accepted: [], free: [true, true] });
    expect(tell('"name"')).toMatchObject({ place: 'behind words', accepted: [] });
    expect(tell('<tool', ' _call', '>', 'Hello')).toMatchObject({ place: 'behind words', accepted: [] });
    const refused = tell('<tool', '_call', '>x', '<tool_call>', 'Hello');
    expect(refused).toMatchObject({ place: 'none', free: [true, true, true, true, true] });
  });

  test('is not known of before there is a word', () => {
    expect(tell(' ', '', '\n', ' ', ' ', ' ').place).toBeUndefined();
    expect(tell(' ', ' ', ' ', ' ', ' ', '{').place).toBe('whole');
  });

  test('its grammar is released with it', () => {
    const { call, grammar } = tell('Hello');
    call.release();
    expect(grammar.isReleased).toBe(true);
  });
});
