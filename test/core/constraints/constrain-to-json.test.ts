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

test('schemas that are none are refused', async () => {
  const model = { tokenizer: byteTokenizer, endTokens: [257] };
  await expect(constrainToJson(model, 9, { type: 'thing' })).rejects.toMatchObject({ status: 400 });
});
