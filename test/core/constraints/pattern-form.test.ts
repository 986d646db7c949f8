import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Form } from '../../../src/core/constraints/form.ts';
import { patternForms } from '../../../src/core/constraints/pattern-form.ts';
import { acceptsText } from '../../fakes/accepts-text.ts';

const patterns = [
  'a',
  '^a|b$',
  '^(?:ab?|c)*$',
  '^[^a-c"\\\\]{1,3}$',
  '^\\w+\\s?\\d{2,}$',
  '^.$',
  '^(a|ab)(c|bcd)?$',
  '^[\\]\\-a]+$',
  '^[a-]b??$',
  '^\\u00e9\\x41?\\u{1f600}*$',
  '^(?<year>[0-9]{4})-\\S\\D\\W$',
  '^[\\s\\S]{2}$',
  '^$',
  '\\t|\\n|\\$',
  '^[é-日]+$',
];
const text = fc.string({ unit: fc.constantFrom(...'abcdABC019 -]"\\\n\t$_é日\u{1f600}'), maxLength: 6 });

test.each(patterns)('what %s finds, as JSON writes it', (pattern) => {
  const { all, none } = patternForms(pattern);
  fc.assert(
    fc.property(text, (value) => {
      const written = JSON.stringify(value).slice(1, -1);
      const accepts = (form: Form) => acceptsText(form, written);
      expect(all.every(accepts) && !none.some(accepts)).toBe(new RegExp(pattern, 'u').test(value));
    }),
    { numRuns: 300, seed: 2 },
  );
});

test.each([
  ['(', 'Invalid regular expression'],
  ['(?=a)b', 'a group that looks ahead elsewhere than behind its ^'],
  ['^a(?=b)', 'a group that looks ahead'],
  ['^(?!a)b|c', 'a group that looks ahead'],
  ['^(?!a(?!b))', 'a group that looks ahead'],
  ['(?<!a)b', 'or behind'],
  ['(a)\\1', 'has \\1'],
  ['\\bword', 'has \\b'],
  ['\\p{Letter}', 'has \\p'],
  ['(^a)', '^ or $ elsewhere'],
  ['a$b', '$ where more follows'],
  ['^((a{50}){50}){50}$', 'more than 2000 parts'],
])('%s is refused: %s', (pattern, words) => {
  expect(() => patternForms(pattern)).toThrow(words);
});
