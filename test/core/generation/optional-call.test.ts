import { describe, expect, test } from '@jest/globals';
import { OptionalCall } from '../../../src/core/generation/optional-call.ts';
import type { TokenConstraint } from '../../../src/ports/token-constraint.ts';
import type { Tokenizer } from '../../../src/ports/tokenizer.ts';

const tokens = ['{', '"name"', 'Hello', ' ', '\n', '<tool_call>', ''];
const tokenizer = { decode: ([id = -1]: readonly number[]) => tokens[id] ?? '' } as Tokenizer;

class Grammar implements TokenConstraint {
  accepted: number[] = [];
  isReleased = false;
  allowed = () => Uint32Array.of(this.accepted.length === 0 ? 0b1 : 0b10);
  accept = (token: number) => void this.accepted.push(token);
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
  return { isCall: call.isCall, accepted: grammar.accepted.map((token) => tokens[token]), free, call, grammar };
}

describe('a call that the model may make', () => {
  test('is held to its grammar from its first token on', () => {
    expect(tell('{', '"name"')).toMatchObject({ isCall: true, accepted: ['{', '"name"'], free: [true, false] });
    expect(tell('<tool_call>', '\n', '{')).toMatchObject({ isCall: true, accepted: ['{'], free: [true, true, true] });
  });

  test('any other text is free, also where a call would go on like it', () => {
    expect(tell('Hello', '{')).toMatchObject({ isCall: false, accepted: [], free: [true, true] });
    expect(tell('<tool_call>', 'Hello')).toMatchObject({ isCall: false, accepted: [] });
    expect(tell('"name"')).toMatchObject({ isCall: false, accepted: [] });
  });

  test('is not known of before there is a word, but not for ever', () => {
    expect(tell(' ', '', '\n', '<tool_call>').isCall).toBeUndefined();
    expect(tell(' ', ' ', ' ', ' ', ' ').isCall).toBe(false);
  });

  test('its grammar is released with it', () => {
    const { call, grammar } = tell('Hello');
    call.release();
    expect(grammar.isReleased).toBe(true);
  });
});
