import { describe, expect, test } from '@jest/globals';
import { JsonConstraints } from '../../../src/core/constraints/json-constraints.ts';
import { atOnce } from '../../../src/core/pace/at-once.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { byteVocabulary, endToken } from '../../fakes/byte-vocabulary.ts';
import { allowedTokens, randomAnswer } from '../../fakes/random-answer.ts';

const constraints = () => atOnce(JsonConstraints.open({ tokenBytes: () => byteVocabulary }, [endToken]));

describe('an answer held to JSON', () => {
  test('is an object, whatever the model likes, and whole where the tokens run out', () => {
    const made = constraints();
    const random = seededRandom(7);
    for (let run = 0; run < 300; run += 1) {
      const maxTokens = 4 + (run % 60);
      const text = randomAnswer(atOnce(made.constrain(maxTokens)), maxTokens, random);
      expect(text).toBeDefined();
      expect(JSON.parse(text ?? '')).toBeInstanceOf(Object);
    }
  });

  test('ends only where it is whole', () => {
    const constraint = atOnce(constraints().constrain(100));
    expect(allowedTokens(constraint)).not.toContain(endToken);
    for (const byte of new TextEncoder().encode('{"a":[1]}')) constraint.accept(byte + 1);
    expect(allowedTokens(constraint)).toEqual([endToken]);
  });

  test('is cut where there were too few tokens for the shortest from the start', () => {
    expect(randomAnswer(atOnce(constraints().constrain(2)), 2, seededRandom(7))).toBeUndefined();
  });

  test('takes no token that may not come', () => {
    expect(() => atOnce(constraints().constrain(9)).accept(0x5d + 1)).toThrow('token 94 may not come here');
  });
});

test('a tokenizer without a token for each byte is refused in words', () => {
  const tokenBytes = () => byteVocabulary.filter((bytes) => bytes?.[0] !== 0x7b);
  expect(() => atOnce(JsonConstraints.open({ tokenBytes }, [0]))).toThrow(
    "this model's answers cannot be held to JSON: its tokenizer has no token for the byte 0x7b alone",
  );
});

test('schemas that were left out to make room are held to again', () => {
  const made = constraints();
  const schema = (number: number) => ({
    type: 'object',
    properties: { [`p${number}`]: { type: 'integer' } },
    required: [`p${number}`],
  });
  const random = seededRandom(3);
  for (const number of [...Array(40).keys(), 0, 39]) {
    const text = randomAnswer(atOnce(made.constrain(200, schema(number))), 200, random) ?? '';
    expect(Object.keys(JSON.parse(text))).toEqual([`p${number}`]);
  }
});

test('a model of which no token ends a text is refused in words', () => {
  expect(() => atOnce(JsonConstraints.open({ tokenBytes: () => byteVocabulary }, []))).toThrow(
    'no token is known to end a text',
  );
});
