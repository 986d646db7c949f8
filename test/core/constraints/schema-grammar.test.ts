import { describe, expect, test } from '@jest/globals';
import { Expressions } from '../../../src/core/constraints/expressions.ts';
import { impliedPatterns } from '../../../src/core/constraints/schema/format-patterns.ts';
import { schemaGrammar } from '../../../src/core/constraints/schema/schema-grammar.ts';
import { atOnce } from '../../../src/core/pace/at-once.ts';

function accepts(schema: unknown, text: string): boolean {
  const expressions = new Expressions(atOnce(schemaGrammar(schema)));
  const bytes = new TextEncoder().encode(text);
  return bytes.reduce((state, byte) => expressions.after(state, byte), expressions.root).shortest === 0;
}

/** A schema that leads to null over so many others, each made of a reference to the next. */
function inRow(length: number, link: (next: object) => object): object {
  const links = Array.from({ length }, (_, number) => [`a${number}`, link({ $ref: `#/$defs/a${number + 1}` })]);
  return { $defs: { ...Object.fromEntries(links), [`a${length}`]: { type: 'null' } }, $ref: '#/$defs/a0' };
}

const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer', minimum: 0 } },
  required: ['name'],
};

const names = (count: number) => Array.from({ length: count }, (_, number) => `p${number}`);
const texts = (count: number) => Array.from({ length: count }, () => ({ type: 'string' }));

describe('what follows a schema', () => {
  test.each([
    [person, '{"name":"Ann","age":7}', true],
    [person, '{ "name": "Ann" }', true],
    [person, '{\n  "name": "Ann",\n  "age": 7\n}', true],
    [person, '{"name":"Ann","other":1}', false],
    [person, '{"age":7}', false],
    [person, '{"name":"Ann","name":1}', false],
    [{ ...person, additionalProperties: { type: 'number' } }, '{"name":"Ann","namen":1,"nam":2}', true],
    [{ ...person, additionalProperties: { type: 'number' } }, '{"name":"Ann","age":1,"name":1}', false],
    [{ ...person, additionalProperties: { type: 'number' } }, '{"name":"Ann","n\\u0061me":1}', false],
    [{ type: 'object' }, '{"any":[1,{}]}', true],
    [{ type: 'object', required: ['a'] }, '{}', false],
    [{ type: 'object', required: ['a'] }, '{"a":{"b":null}}', true],
    [{ required: ['a'] }, '3', false],
    [{ type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 2 }, '[true, false]', true],
    [{ type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 2 }, '[]', false],
    [{ type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 2 }, '[true,true,true]', false],
    [{ prefixItems: [{ const: 1 }, { type: 'string' }] }, '[1,"a"]', true],
    [{ prefixItems: [{ const: 1 }, { type: 'string' }] }, '[]', true],
    [{ prefixItems: [{ const: 1 }, { type: 'string' }] }, '[1,"a",2]', false],
    [{ prefixItems: [{ const: 1 }], items: { const: 2 } }, '[1,2,2]', true],
    [{ prefixItems: [{ const: 1 }], minItems: 2 }, '[1,"a"]', true],
    [{ prefixItems: [{ const: 1 }], minItems: 2 }, '[1]', false],
    [{ prefixItems: [{ const: 1 }], minItems: 2 }, '[1,"a",2]', false],
    [{ type: 'string', maxLength: 2 }, '"\u{1f600}\\n"', true],
    [{ type: 'string', maxLength: 2 }, '"abc"', false],
    [{ type: 'string', pattern: '^a+$', minLength: 2 }, '"a"', false],
    [{ enum: ['a', 1, null], type: ['string', 'null'] }, 'null', true],
    [{ enum: ['a', 1, null], type: ['string', 'null'] }, '1', false],
    [{ enum: [0, 5], minimum: 3 }, '0', false],
    [{ const: 2 ** 53 - 1 }, '9007199254740991', true],
    [{ allOf: [{ minimum: 3 }, { type: 'integer' }] }, '2', false],
    [{ allOf: [{ minimum: 3 }, { type: 'integer' }] }, '3', true],
    [{ oneOf: [{ type: 'string' }, { type: 'integer' }] }, '"a"', true],
    [
      {
        $ref: '#/$defs/list',
        $defs: { list: { anyOf: [{ type: 'null' }, { type: 'array', items: { $ref: '#/$defs/list' } }] } },
      },
      '[[null],[]]',
      true,
    ],
    [{ $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': { const: 1 } } }, '1', true],
    [{ type: 'integer', multipleOf: 7, minimum: -14 }, '-14', true],
    [{ type: 'integer', multipleOf: 7, minimum: -14 }, '-21', false],
    [{ type: 'number', multipleOf: 7 }, '1000000008', true],
    [{ type: 'number', multipleOf: 7 }, '1000000007', false],
    [{ multipleOf: 2, maximum: 9, allOf: [{ multipleOf: 3 }] }, '6', true],
    [{ multipleOf: 2, maximum: 9, allOf: [{ multipleOf: 3 }] }, '8', false],
    [{ type: 'number', multipleOf: 0.01 }, '0.07', true],
    [{ type: 'number', multipleOf: 0.01 }, '-12', true],
    [{ type: 'number', multipleOf: 0.01 }, '-0.5', true],
    [{ type: 'number', multipleOf: 0.01 }, '1.005', false],
    [{ type: 'number', multipleOf: 0.01 }, '1e-2', false],
    [{ type: 'number', multipleOf: 0.01 }, '1234567890123.45', true],
    [{ type: 'number', multipleOf: 0.01 }, '12345678901234.56', false],
    [{ type: 'number', multipleOf: 0.01, exclusiveMinimum: 0, maximum: 1 }, '0.01', true],
    [{ type: 'number', multipleOf: 0.01, exclusiveMinimum: 0, maximum: 1 }, '0.00', false],
    [{ type: 'number', multipleOf: 0.01, exclusiveMinimum: 0, maximum: 1 }, '1.01', false],
    [{ type: 'number', multipleOf: 2.5 }, '7.5', true],
    [{ type: 'number', multipleOf: 2.5 }, '10', true],
    [{ type: 'number', multipleOf: 2.5 }, '7', false],
    [{ type: 'number', multipleOf: 2.5 }, '0.0', true],
    [{ type: 'number', multipleOf: 1e-6 }, '0.000001', true],
    [{ type: 'integer', multipleOf: 0.5 }, '7', true],
    [{ type: 'integer', multipleOf: 0.5 }, '7.5', false],
    [{ multipleOf: 0.5, allOf: [{ type: 'number', multipleOf: 3 }] }, '9', true],
    [{ multipleOf: 0.5, allOf: [{ type: 'number', multipleOf: 3 }] }, '1.5', false],
    [{ multipleOf: 0.01, enum: [0.07, 0.075] }, '0.07', true],
    [{ multipleOf: 0.01, enum: [0.07, 0.075] }, '0.075', false],
    [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b', 1] } }, '["a","b",1]', true],
    [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b', 1] } }, '[ "b"]', true],
    [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b', 1] } }, '[]', true],
    [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b', 1] } }, '["a","a"]', false],
    [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b', 1] }, minItems: 2 }, '["a"]', false],
    [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b', 1] }, minItems: 2 }, '["a",1]', true],
    [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b', 1] }, maxItems: 2 }, '["b",1]', true],
    [{ type: 'array', uniqueItems: true, items: { enum: ['a', 'b', 1] }, maxItems: 2 }, '["a","b",1]', false],
    [{ type: 'array', uniqueItems: true, items: { anyOf: [{ const: [1] }, { enum: ['a', [1]] }] } }, '[[1],"a"]', true],
    [
      { type: 'array', uniqueItems: true, items: { anyOf: [{ const: [1] }, { enum: ['a', [1]] }] } },
      '[[1],[1]]',
      false,
    ],
    [{ type: 'array', uniqueItems: true, maxItems: 1, items: { type: 'string' } }, '["any"]', true],
    [
      {
        enum: [
          [1, 1],
          [1, 2],
        ],
        uniqueItems: true,
      },
      '[1,2]',
      true,
    ],
    [
      {
        enum: [
          [1, 1],
          [1, 2],
        ],
        uniqueItems: true,
      },
      '[1,1]',
      false,
    ],
    [{ type: 'object', propertyNames: { type: 'string' }, additionalProperties: { const: 1 } }, '{"a":1}', true],
    [{ type: 'number' }, '1e999', false],
    [inRow(45, (next) => ({ allOf: [next, next] })), 'null', true],
    [inRow(45, (next) => ({ anyOf: [next, { type: 'array', items: next }] })), '[[[null]]]', true],
    [{ ...inRow(45, (next) => ({ allOf: [next, next] })), enum: [1, null] }, 'null', true],
    [{ enum: ['ab', 'ba', 'b"'], pattern: '^b' }, '"b\\""', true],
    [{ enum: ['ab', 'ba', 'b"'], pattern: '^b' }, '"ab"', false],
    [{ type: 'string', format: 'date', enum: ['2020-02-29', '2020-02-30'] }, '"2020-02-29"', true],
    [{ type: 'string', enum: ['red', 'blue'], format: 'enum' }, '"red"', true],
    [{ const: 'red', allOf: [{ type: 'string', format: 'colour' }] }, '"red"', true],
    // Patterns that no automaton has, for texts that are given.
    [{ enum: ['red', 'a red one', 'reddish'], pattern: '\\bred\\b' }, '"a red one"', true],
    [{ enum: ['red', 'a red one', 'reddish'], pattern: '\\bred\\b' }, '"reddish"', false],
    [{ enum: ['Zo\u00eb', 'R2'], pattern: '^\\p{Lu}\\p{L}*$' }, '"Zo\u00eb"', true],
    [{ enum: ['Zo\u00eb', 'R2'], pattern: '^\\p{Lu}\\p{L}*$' }, '"R2"', false],
    [{ enum: ['2020-01-01', '2020-13-01'], pattern: '\\b20', format: 'date' }, '"2020-13-01"', false],
    [{ format: 'date' }, '"2020-02-29"', true],
    [{ format: 'date' }, '"2000-02-29"', true],
    [{ format: 'date' }, '"1900-02-29"', false],
    [{ format: 'date' }, '"2021-02-29"', false],
    [{ format: 'date-time' }, '"2024-02-29T12:00:00Z"', true],
    [{ format: 'date-time' }, '"2023-02-29T12:00:00Z"', false],
    [{ format: 'date' }, '"0001-01-01"', true],
    [{ format: 'date' }, '"0400-02-29"', true],
    [{ format: 'date' }, '"9990-12-31"', true],
    [{ format: 'date' }, '"0000-01-01"', false],
    [{ format: 'date-time' }, '"0000-02-29T00:00:00Z"', false],
    [true, '{"a":[1.5e3,"x",null]}', true],
  ])('%j and %s: %s', (schema, text, is) => {
    expect(accepts(schema, text)).toBe(is);
  });
});

describe("what SDKs make of their users' types", () => {
  test('all durations that may come have the pattern that zod writes beside their format', () => {
    const pattern = new RegExp(impliedPatterns.duration as string, 'u');
    const lengths = Array.from({ length: 9999 }, (_, at) => at + 1);
    const all = lengths.flatMap((length) =>
      ['D', 'H', 'M', 'S'].map((unit) => `P${unit === 'D' ? '' : 'T'}${length}${unit}`),
    );
    expect(all.filter((text) => !pattern.test(text))).toEqual([]);
    expect(accepts({ format: 'duration' }, '"PT9999S"')).toBe(true);
  });

  test('the shortest and longest hosts that may come have the pattern that zod writes beside their format', () => {
    const pattern = new RegExp(impliedPatterns.hostname as string, 'u');
    const part = 'a'.repeat(15);
    const label = `${part}${`-${'0'.repeat(10)}`.repeat(2)}`;
    const schema = { type: 'string', format: 'hostname', pattern: impliedPatterns.hostname };
    for (const host of ['ab', '0.ab', `${`${label}.`.repeat(3)}${part}`])
      expect([pattern.test(host), accepts(schema, JSON.stringify(host))]).toEqual([true, true]);
  });

  const tuple = { type: 'array', items: [{ type: 'string' }, { type: 'number' }] };
  const url = { type: 'string', format: 'uri', minLength: 1, maxLength: 2083 };
  const email = {
    type: 'string',
    format: 'email',
    pattern: "^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-\\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$",
  };
  const duration = { type: 'string', format: 'duration', pattern: impliedPatterns.duration };
  const decimal = { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^(?!^[-+.]*$)[+-]?0*\\d*\\.?\\d*$' }] };
  test.each([
    ['z.tuple', tuple, '["a",1]', true],
    ['z.tuple', tuple, '["a",1,2]', false],
    ['z.tuple', { ...tuple, minItems: 2 }, '["a"]', false],
    ['z.tuple with a rest', { ...tuple, additionalItems: { type: 'null' } }, '["a",1,null]', true],
    ['z.tuple with a rest', { ...tuple, additionalItems: { type: 'null' } }, '["a",1,2]', false],
    ['z.tuple, one of values', { ...tuple, enum: [['a'], [1], ['a', 1, 2]] }, '["a"]', true],
    ['z.tuple, one of values', { ...tuple, enum: [['a'], [1], ['a', 1, 2]] }, '[1]', false],
    ['z.email', email, '"ann.b+c@mail-1.example.com"', true],
    ['z.email', email, '"ann@mail.c"', false],
    ['z.email, one of values', { ...email, enum: ['a@b.cd', '.a@b.cd'] }, '"a@b.cd"', true],
    ['z.email, one of values', { ...email, enum: ['a@b.cd', '.a@b.cd'] }, '".a@b.cd"', false],
    ['z.iso.duration', duration, '"P30D"', true],
    ['z.iso.duration', duration, '"PT15M"', true],
    ['z.iso.duration', duration, '"P"', false],
    ['HttpUrl', url, '"https://example.com/a"', true],
    ['HttpUrl', url, '"https://example.1/a"', false],
    ['UUID with its length', { type: 'string', format: 'uuid', minLength: 37 }, '"a"', undefined],
    ['UUID4', { type: 'string', format: 'uuid4' }, '"0b5ed5a2-7d2f-4a0e-9a53-2f0f1d1c6b1a"', true],
    ['UUID4', { type: 'string', format: 'uuid4' }, '"0b5ed5a2-7d2f-1a0e-9a53-2f0f1d1c6b1a"', false],
    ['UUID4', { type: 'string', format: 'uuid4' }, '"0b5ed5a2-7d2f-4a0e-ca53-2f0f1d1c6b1a"', false],
    ['Path', { type: 'string', format: 'path', maxLength: 3 }, '"a/é"', true],
    ['Path', { type: 'string', format: 'path', maxLength: 3 }, '"a/bc"', false],
    ['Decimal', decimal, '"+.5"', true],
    ['Decimal', decimal, '"+."', false],
    ['EmailStr', { type: 'string', format: 'email' }, '"a@1.2"', false],
    ['z.email().max', { ...email, maxLength: 100 }, '"ann@mail-1.org"', true],
    ['z.email().max', { ...email, maxLength: 40 }, '"ann@mail.org"', true],
    ['z.url().max', { ...url, maxLength: 255 }, '"https://example.com/a/b/c"', true],
    ['z.url().max', { ...url, maxLength: 12 }, '"http://a.com"', true],
    ['z.url().max', { ...url, maxLength: 12 }, '"https://a.com"', false],
    [
      'z.ulid',
      { type: 'string', format: 'ulid', pattern: '^[0-7][0-9A-Z]{25}$' },
      '"01ARZ3NDEKTSV4RRFFQ69G5FAV"',
      true,
    ],
    ['nullable of zod 3', { type: 'string', nullable: true }, 'null', true],
    ['nullable of zod 3', { type: 'string', nullable: false }, 'null', false],
    ['nullable of zod 3', { type: 'number', nullable: true, enum: [1, null] }, 'null', true],
  ])('%s: %j and %s: %s', (_, schema, text, is) => {
    if (is === undefined) expect(() => accepts(schema, text)).toThrow('can be followed by no JSON');
    else expect(accepts(schema, text)).toBe(is);
  });
});

describe('a schema that answers cannot be held to is refused in words', () => {
  const endless = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
  test.each([
    [3, '# is no schema'],
    [{ properties: { a: 'text' } }, '#/properties/a is no schema'],
    [{ type: 'text' }, `# has 'type': "text"; expected one or more of object, array`],
    [{ minLength: -1 }, "# has 'minLength': -1; expected a whole number from 0 on"],
    [
      { properties: { a: { not: { type: 'null' } } } },
      "#/properties/a has the keyword 'not', which answers cannot be held to",
    ],
    [{ patternProperties: {} }, "keyword 'patternProperties'"],
    [{ const: 2 ** 53 }, "# has 'const': 9007199254740992; expected whole numbers up to 9007199254740991"],
    [{ properties: { id: { enum: [1, { of: [-(2 ** 60)] }] } } }, "#/properties/id has 'enum': [1,"],
    [
      { type: 'array', uniqueItems: true },
      "has 'uniqueItems': true; expected false, or 'items' that are each one of an enum",
    ],
    [
      { type: 'array', uniqueItems: true, items: { enum: names(1001) } },
      '# has 1001 values for unlike items; expected at most 1000',
    ],
    [{ type: 'array', uniqueItems: true, items: { type: 'string' } }, "has 'uniqueItems': true; expected false"],
    [{ type: 'array', uniqueItems: 1 }, "has 'uniqueItems': 1; expected true or false"],
    [{ type: 'array', uniqueItems: true, items: { enum: [1, 2] }, minItems: 3 }, 'can be followed by no JSON'],
    [{ type: 'array', items: [{}], prefixItems: [{}] }, "has 'items': [{}]; expected a schema beside prefixItems"],
    [{ type: 'string', format: 'ulid' }, 'has \'format\': "ulid"; expected one of date,'],
    [{ type: 'string', nullable: 'yes' }, `has 'nullable': "yes"; expected true or false`],
    [{ type: 'array', items: {}, additionalItems: {} }, "expected nothing without a list of 'items'"],
    [
      { type: 'number', multipleOf: 251 },
      "has 'multipleOf': 251; expected a number up to 250 without its point, of which 6 digits may stand behind it",
    ],
    [{ type: 'number', multipleOf: 1e-7 }, "has 'multipleOf': 1e-7; expected a number up to 250"],
    [{ type: 'number', multipleOf: 0 }, "has 'multipleOf': 0; expected a number up to 250"],
    [{ type: 'object', propertyNames: { maxLength: 3 } }, `has 'propertyNames': {"maxLength":3}; expected`],
    [{ type: 'string', format: 'colour' }, 'has \'format\': "colour"; expected one of date,'],
    [{ type: 'string', pattern: '(?=a)' }, '# has the pattern "(?=a)", which has a group that looks ahead'],
    [
      { type: 'string', pattern: `[acegikmoqsuwyACEGIKMOQSUWY]`.repeat(400) },
      'has more than 10000 characters and ranges in its classes',
    ],
    // Only to see whether they are right would take seconds.
    [{ type: 'string', pattern: '\\p{L}'.repeat(2_000) }, 'which has more than 200 of \\p and \\P'],
    [{ const: 'a', pattern: '\\p{L}'.repeat(2_000) }, 'which has more than 200 of \\p and \\P'],
    [{ type: 'string', pattern: '(' }, '# has the pattern "(", which'],
    [{ type: 'string', format: 'email', minLength: 100, maxLength: 150, pattern: 'a.*b.*c' }, 'too much together'],
    [
      { oneOf: [{ type: 'integer' }, { type: 'number' }] },
      "# has 'oneOf' with choices that one value might follow both",
    ],
    [
      { $ref: 'https://example.com/schema' },
      "refers to 'https://example.com/schema'; expected a place in the same schema",
    ],
    [{ $ref: '#/$defs/none' }, "refers to '#/$defs/none', which is not there"],
    [{ $ref: '#' }, '# refers to itself without end'],
    [{ anyOf: [{ $ref: '#' }, { type: 'null' }] }, '# refers to itself without end'],
    [endless, '# can be followed by no JSON, or by none that ends'],
    [{ type: 'integer', minimum: 10 ** 15 }, 'by none that ends: numbers have 15 digits at most here'],
    [{ const: 1, type: 'string' }, 'can be followed by no JSON'],
    [{ type: 'integer', minimum: 5, maximum: 3 }, 'can be followed by no JSON'],
    [{ type: 'number', minimum: 0.5, maximum: 0.25 }, 'can be followed by no JSON'],
    [{ type: 'number', minimum: -3, maximum: -5 }, 'can be followed by no JSON'],
    [{ type: 'number', minimum: 3, exclusiveMaximum: 3 }, 'can be followed by no JSON'],
    [{ allOf: [{ minimum: 5 }, { maximum: 3 }] }, 'can be followed by no JSON'],
    [{ type: 'integer', minimum: 4.2, maximum: 4.8 }, 'can be followed by no JSON'],
    [{ type: 'integer', minimum: 1, maximum: 6, multipleOf: 7 }, 'can be followed by no JSON'],
    [{ properties: { a: { type: 'integer', minimum: 5, maximum: 3 } }, required: ['a'] }, 'can be followed by no JSON'],
    // By a regular expression of JavaScript, it would take longer than anyone lives.
    [{ const: `${'a'.repeat(100)}!`, pattern: '^(a+)+$' }, 'can be followed by no JSON'],
    // A state for each of its bytes, of up to 1,900 parts.
    [{ const: 'ab'.repeat(2_000), pattern: '^[ab]*a[ab]{1900}$' }, 'too many schemas that are to be combined'],
    // The first byte alone asks for 900 of them.
    [{ const: 'a', pattern: `^${'a?'.repeat(900)}$` }, 'too many schemas that are to be combined'],
    // By a regular expression of JavaScript, these would take minutes too.
    [{ const: `${'a'.repeat(10_000)}!`, pattern: '^\\p{L}+\\p{L}+\\p{L}+$' }, 'or shorter patterns'],
    [{ const: `${'a'.repeat(100)}!`, pattern: '^(\\p{L}+)+$' }, 'which has \\p, which answers cannot be held to'],
    [{ type: 'string', pattern: '\\bred\\b' }, 'which has \\b, which answers cannot be held to'],
    [{ const: 'a', pattern: '\\p{' }, '# has the pattern "\\\\p{", which'],
    [{ const: 'a', pattern: 'b(?=a)' }, '# has the pattern "b(?=a)", which has a group that looks ahead'],
    [inRow(5_000, (next) => next), 'is reached by more than 400 references and choices in a row'],
    [{ ...inRow(5_000, (next) => next), const: null }, 'is reached by more than 400 references and choices in a row'],
    [
      { const: [1], items: { $ref: '#/$defs/a' }, $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
      '#/$defs/a refers to itself without end',
    ],
    [{ allOf: [{ anyOf: texts(400) }, ...texts(3_000)] }, '# is one of too many schemas that are to be combined'],
    [
      { allOf: [{ anyOf: texts(400) }, { required: names(900) }, ...texts(400)] },
      '# is one of too many schemas that are to be combined',
    ],
    [
      {
        $defs: {
          all: { properties: Object.fromEntries(names(900).map((name) => [name, { const: 1 }])), required: names(900) },
        },
        oneOf: names(150).map((own) => ({
          allOf: [{ $ref: '#/$defs/all' }, { properties: { own: { const: own } }, required: ['own'] }],
        })),
      },
      'is one of too many schemas that are to be combined, or compared with values',
    ],
    [{ prefixItems: texts(501) }, '# has 501 prefixItems; expected at most 500'],
    [{ type: 'object', minProperties: 1 }, "has 'minProperties': 1; expected at most 0"],
    [{ allOf: Array.from({ length: 10 }, () => ({ anyOf: [{}, { type: 'null' }] })) }, 'in more than 512 ways'],
    [
      { properties: Object.fromEntries(Array.from({ length: 1001 }, (_, number) => [number, {}])) },
      'has 1001 properties',
    ],
  ])('%j', (schema, words) => {
    const refused = () => atOnce(schemaGrammar(schema));
    expect(refused).toThrow(expect.objectContaining({ status: 400, message: expect.stringContaining(words) }));
  });

  test.each([
    { type: 'integer', minimum: 5, maximum: 3 },
    { type: 'integer', minimum: 3.5, maximum: 3.8 },
    { type: 'integer', minimum: 1, maximum: 3, multipleOf: 7 },
  ])('a choice that no number follows is left out: %j', (never) => {
    const schema = { anyOf: [never, { const: 'none' }] };
    expect(['"none"', '3', '5', '7', '0'].filter((text) => accepts(schema, text))).toEqual(['"none"']);
    const optional = { properties: { a: never, b: { type: 'null' } } };
    expect(['{}', '{"b":null}', '{"a":3}'].filter((text) => accepts(optional, text))).toEqual(['{}', '{"b":null}']);
  });

  test('texts of one format within the same lengths are made once, however many places have them', () => {
    const date = { format: 'date', maxLength: 20 };
    const properties = Object.fromEntries(names(200).map((name) => [name, date]));
    const only = (own: object) => ({ properties: { ...properties, own } });
    expect(accepts(only(date), '{"p0":"2020-02-29","own":"2020-02-29"}')).toBe(true);
    expect(accepts(only({ format: 'date', maxLength: 9 }), '{"own":"2020-02-29"}')).toBe(false);
    expect(accepts(only({ format: 'time', maxLength: 20 }), '{"own":"2020-02-29"}')).toBe(false);
    expect(accepts(only({ ...date, pattern: '1$' }), '{"own":"2020-02-29"}')).toBe(false);
  });

  test('as many in a row as are taken: references, prefixItems', () => {
    expect(
      accepts(
        inRow(390, (next) => next),
        'null',
      ),
    ).toBe(true);
    expect(accepts({ ...inRow(390, (next) => next), const: null }, 'null')).toBe(true);
    expect(accepts({ prefixItems: texts(500) }, '["a"]')).toBe(true);
  });

  test('a choice that never ends is left out, and the others stay', () => {
    expect(
      accepts(
        {
          anyOf: [{ $ref: '#/$defs/endless' }, { const: 1 }],
          $defs: { endless: { ...endless, properties: { next: { $ref: '#/$defs/endless' } } } },
        },
        '1',
      ),
    ).toBe(true);
  });
});
