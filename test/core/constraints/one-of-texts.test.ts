import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { oneOfTexts } from '../../../src/core/constraints/one-of-texts.ts';
import { acceptsText } from '../../fakes/accepts-text.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\u{1f600}', '\u{1f601}', '日'), maxLength: 4 });

test('exactly the texts', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 8 }), fc.array(text, { maxLength: 8 }), (texts, others) => {
      const form = oneOfTexts(texts);
      for (const each of [...texts, ...others]) expect(acceptsText(form, each)).toBe(texts.includes(each));
    }),
    { numRuns: 500, seed: 4 },
  );
});
