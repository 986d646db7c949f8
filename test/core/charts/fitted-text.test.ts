import { describe, expect, test } from '@jest/globals';
import { fittedText, type TextPart } from '../../../src/core/charts/fitted-text.ts';
import { svgText } from '../../../src/core/charts/svg-text.ts';
import { textWidth } from '../../../src/core/charts/text-width.ts';
import { wholeText } from '../../../src/core/charts/whole-text.ts';

const middle = (text: string): TextPart => ({ text, cut: 'middle' });
const long = 'a_very_long_name_of_a_column_with_forty_l';

describe('the width of a text', () => {
  // As DejaVu Sans draws it, by the size of its letters; of Japanese, as any font does.
  test.each([
    ['average_transaction_amount_30d', 16.86],
    ['MERCHANT_CATEGORY_CODE_GROUP', 18.84],
    ['mean radius of the cell nucleus = 1415.12', 21.13],
    ['日本語', 3],
    ['mmmmmWWWWW', 9.69],
  ])('%s is estimated as no less than it is, and not much more', (text, width) => {
    expect(textWidth(text)).toBeGreaterThanOrEqual(width);
    expect(textWidth(text)).toBeLessThan(1.4 * width);
  });

  test('takes what readers see as one letter for one', () => {
    expect(textWidth('👩‍👩‍👧')).toBe(textWidth('語'));
    expect(textWidth('e\u0301')).toBe(textWidth('e'));
  });
});

describe('a text that is cut to its room', () => {
  test('stays as it is where there is room', () => {
    const parts = [middle('petal'), ' = 1.4'];
    expect(fittedText(parts, textWidth('petal = 1.4') + 0.01)).toBe('petal = 1.4');
    expect(fittedText([], 1)).toBe('');
  });

  test.each([10, 14, 20])('has both ends of a name, and what has to stay, in %i', (room) => {
    const cut = fittedText([middle(long), ' = 1,415'], room);
    expect(cut).toMatch(/^a_.*….*l = 1,415$/);
    expect(textWidth(cut)).toBeLessThanOrEqual(room);
    // A letter more would not fit.
    expect(textWidth(cut)).toBeGreaterThan(room - 1);
  });

  test('has the end of a path', () => {
    const cut = fittedText(['of ', { text: `${'folder/'.repeat(30)}rows.csv`, cut: 'start' }], 20);
    expect(cut).toMatch(/^of ….*folder\/rows\.csv$/);
    expect(textWidth(cut)).toBeLessThanOrEqual(20);
  });

  test('leaves to long parts what short ones do not need', () => {
    expect(fittedText([middle(long), ', ', middle('iris')], 20)).toMatch(/….*, iris$/);
    const [first, second] = fittedText([middle(long), ', ', middle(long)], 20).split(', ');
    expect(first).toBe(second);
    expect(first).toMatch(/^a_.*…/);
  });

  test('is cut between letters, wide ones among them', () => {
    const cut = fittedText([middle('👩‍👩‍👧'.repeat(20))], 10);
    expect(cut).toBe(`${'👩‍👩‍👧'.repeat(4)}…${'👩‍👩‍👧'.repeat(3)}`);
  });

  test('has nothing of what may be cut where the rest takes all', () => {
    expect(fittedText([middle(long), ' = 1,415'], 3)).toBe('… = 1,415');
  });

  test('has the whole in a title, in SVG', () => {
    const parts = [middle('<name> & others, of which there are many'), ' = 1'];
    const text = svgText('x="1"', parts, 12);
    expect(text).toMatch(
      /^<text x="1"><title>&lt;name> &amp; others, of which there are many = 1<\/title>&lt;name>.*….*many = 1<\/text>$/,
    );
    expect(svgText('x="1"', parts, 40)).not.toContain('<title>');
    expect(wholeText(parts)).toBe('<name> & others, of which there are many = 1');
  });
});
