import { expect, test } from '@jest/globals';
import { constrainToJson } from '../../../src/core/constraints/constrain-to-json.ts';
import { byteVocabulary, endToken } from '../../fakes/byte-vocabulary.ts';
import { byteTokenizer } from '../../fakes/fake-language-model.ts';
import { loopTurns } from '../../fakes/loop-turns.ts';
import { allowedTokens } from '../../fakes/random-answer.ts';

const properties = Object.fromEntries(
  Array.from({ length: 900 }, (_, number) => [
    `p${number}`,
    { type: 'integer', minimum: number * 7 + 13, maximum: 99_999_937 + number },
  ]),
);

test('the event loop turns while a large schema and its masks are made ready', async () => {
  const compiling = loopTurns();
  const tokenizer = { ...byteTokenizer, tokenBytes: () => byteVocabulary };
  const constraint = await constrainToJson({ tokenizer, endTokens: [endToken] }, 5_000, { type: 'object', properties });
  expect(compiling()).toBeGreaterThan(1);
  const preparing = loopTurns();
  for (const byte of new TextEncoder().encode('{"p0":')) {
    await constraint.prepare?.();
    constraint.accept(byteVocabulary.findIndex((bytes) => bytes?.length === 1 && bytes[0] === byte));
  }
  expect(preparing()).toBeGreaterThan(1);
  // What was made ready is not made anew.
  await constraint.prepare?.();
  expect(constraint.prepare?.()).toBeUndefined();
  expect(allowedTokens(constraint).length).toBeGreaterThan(0);
});

test.each([0, 20])('a text that begins after %d tokens is whole within those that are left', async (before) => {
  const model = { tokenizer: byteTokenizer, endTokens: [257] };
  const constraint = await constrainToJson(model, 30, { type: 'array', items: { type: 'integer' } });
  for (let token = 0; token < before; token += 1) expect(constraint.begin(new Uint8Array(0))).toBe(true);
  expect(constraint.begin(new TextEncoder().encode('x'))).toBe(false);
  expect(constraint.begin(new TextEncoder().encode('[1'))).toBe(true);
  let text = '[1';
  for (let left = 30 - before - 1; ; left -= 1) {
    expect(left).toBeGreaterThan(0);
    // As long as it may be: a digit or a comma, then what ends it.
    const token = [0x2c, 0x31, 0x5d, 257].find((each) => allowedTokens(constraint).includes(each)) as number;
    constraint.accept(token);
    if (token === 257) break;
    text += String.fromCharCode(token);
  }
  expect(JSON.parse(text)[0]).toBe(1);
});

test('schemas that are none are refused', async () => {
  const model = { tokenizer: byteTokenizer, endTokens: [257] };
  await expect(constrainToJson(model, 9, { type: 'thing' })).rejects.toMatchObject({ status: 400 });
});
