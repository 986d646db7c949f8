import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { JsonConstraints } from '../../../src/core/constraints/json-constraints.ts';
import { atOnce } from '../../../src/core/pace/at-once.ts';
import { byteVocabulary, endToken } from '../../fakes/byte-vocabulary.ts';
import { allowedTokens } from '../../fakes/random-answer.ts';

const keywords = [
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'enum',
  'const',
  'anyOf',
  'oneOf',
  'allOf',
  '$ref',
  '$defs',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'format',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'title',
  'not',
  'nonsense',
];
const { schema } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<unknown>(
      'object',
      'array',
      'string',
      'integer',
      'null',
      'date',
      '#',
      '#/$defs/a',
      '#/properties/a',
      '^a+$',
      '(',
      '__proto__',
      ['a'],
      ['object', 'null'],
      0,
      1,
      5,
      -1,
      1e300,
      0.5,
      true,
      false,
      null,
      [],
      {},
    ),
    tie('schema'),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'a~/b'), tie('schema'), { maxKeys: 3 }),
  ),
  schema: fc.dictionary(fc.constantFrom(...keywords), tie('value'), { maxKeys: 4 }),
}));

test('whatever is sent for a schema, it is held to, or refused with 400', () => {
  const constraints = atOnce(JsonConstraints.open({ tokenBytes: () => byteVocabulary }, [endToken]));
  let held = 0;
  fc.assert(
    fc.property(schema, (given) => {
      try {
        expect(allowedTokens(atOnce(constraints.constrain(100, given))).length).toBeGreaterThan(0);
        held += 1;
      } catch (error) {
        expect(error).toMatchObject({ name: 'ServiceError', status: 400 });
      }
    }),
    { numRuns: 1_000, seed: 5 },
  );
  expect(held).toBeGreaterThan(100);
});

test('a schema of any size is taken or refused before long', () => {
  const constraints = atOnce(JsonConstraints.open({ tokenBytes: () => byteVocabulary }, [endToken]));
  const nested = (depth: number): object => (depth === 0 ? {} : { type: 'array', items: nested(depth - 1) });
  const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, number) => [`p${number}`, {}]));
  expect(() => atOnce(constraints.constrain(9, nested(120)))).toThrow('nested more than 100 deep');
  expect(() => atOnce(constraints.constrain(9, { enum: ['x'.repeat(300_000)] }))).toThrow(
    'characters; expected at most',
  );
  const many = {
    items: { properties: wide(900) },
    properties: { a: { properties: wide(900) }, b: { properties: wide(900) } },
  };
  expect(() => atOnce(constraints.constrain(9, many))).toThrow('is too large: it makes more than 5000 rules');
});
