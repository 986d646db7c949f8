import { describe, expect, test } from '@jest/globals';
import { textWidth } from '../../../src/core/charts/text-width.ts';
import { chartOf } from '../../../src/core/explain/chart-of.ts';
import type { Explanation, WeighedPart } from '../../../src/core/explain/explanation.ts';

const iris = { name: 'iris', version: 3 };
const explanation: Explanation = {
  method: 'shapley',
  target: { index: 0, label: 'setosa', of: 'answer' },
  value: 0.9123,
  baseline: 'zeros',
  baseline_value: 0.5,
  evaluations: 4,
};

function chart(features: readonly WeighedPart[], version = iris, more: Partial<Explanation> = {}): string {
  return chartOf(version, { ...explanation, features, ...more }).chart ?? '';
}

interface Told {
  readonly attributes: string;
  /** Of whoever points at it. */
  readonly title: string | undefined;
  readonly words: string;
}

function textsOf(svg: string): readonly Told[] {
  return Array.from(
    svg.matchAll(/<text ([^>]*)>(?:<title>(.*?)<\/title>)?(.*?)<\/text>/g),
    ([, attributes = '', title, words = '']) => ({ attributes, title, words }),
  );
}

/** From where to where a text goes, of letters of 12. */
function endsOf({ attributes, words }: Told): readonly [left: number, right: number] {
  const x = Number(attributes.match(/x="([\d.]+)"/)?.[1]);
  const width = 12 * textWidth(words);
  return attributes.includes('"end"') ? [x - width, x] : [x, x + width];
}

describe('bars of an explanation', () => {
  test.each([
    ['column_with_a_very_long_name_of_40_letters', 1.12],
    ['average_transaction_amount_30d', 71.49],
    ['MERCHANT_CATEGORY_CODE_GROUP', 1319.62],
    ['mean radius of the cell nucleus', 1415.123456],
    ['とても長い日本語の列の名前がここにありますよね本当に', 1415],
    ['W'.repeat(60), -1.2345678901234568e-300],
  ])('have all of the value of %s, and it lies in the picture', (feature, value) => {
    const texts = textsOf(chart([{ feature, value, weight: 0.5 }]));
    const name = texts.find(({ words }) => words.endsWith(` = ${value}`)) as Told;
    expect(name.title ?? name.words).toBe(`${feature} = ${value}`);
    expect(name.words.slice(0, 3)).toBe(feature.slice(0, 3));
    for (const told of texts.filter(({ attributes }) => !attributes.includes('middle'))) {
      const [left, right] = endsOf(told);
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(740);
    }
  });

  test('begin after the words, which take of long names what they need', () => {
    const lineOf = (svg: string) => Number(svg.match(/<path d="M([\d.]+) /)?.[1]);
    expect(lineOf(chart([{ feature: 'x', value: 1, weight: 2 }]))).toBe(250);
    const wide = chart([{ feature: 'average_transaction_amount_30d', value: 71.49, weight: 2 }]);
    expect(lineOf(wide)).toBeGreaterThan(250);
    expect(wide).toContain('>average_transaction_amount_30d = 71.49</text>');
  });

  test('end before their numbers, however long these are', () => {
    const svg = chart([
      { feature: 'x', value: 1, weight: 20261130000000 },
      { feature: 'y', value: 1, weight: -1 },
    ]);
    const number = textsOf(svg).find(({ words }) => words === '20300000000000') as Told;
    const [left, right] = endsOf(number);
    expect(right).toBeLessThanOrEqual(740);
    const bars = Array.from(svg.matchAll(/<rect x="([\d.]+)" y="(?!48)\d+" width="([\d.]+)"/g));
    expect(Math.max(...bars.map(([, x, width]) => Number(x) + Number(width)))).toBeLessThanOrEqual(left);
  });

  test('cut a text that is a value', () => {
    const value = 'a value that goes on, and on, and on, and is not over yet';
    const name = textsOf(chart([{ feature: 'kind', value, weight: 1 }])).find(({ title }) => title) as Told;
    expect(name.title).toBe(`kind = ${value}`);
    expect(name.words).toMatch(/^kind = a value .*….* yet$/);
  });
});

describe('the title of an explanation', () => {
  const name = 'a-model-with-many-letters-'.repeat(4).slice(0, 110);
  const label = 'a_class_with_a_name_of_62_letters_that_goes_on_and_on_and_on_to';

  test('has the version, class and score of a model with a long name', () => {
    const svg = chart([{ feature: 'x', value: 1, weight: 2 }], { name, version: 12 });
    const [title] = textsOf(svg) as [Told];
    expect(title.words).toMatch(/^a-model-.*….* version 12: the score of setosa is 0\.912$/);
    expect(title.title).toBe(`${name} version 12: the score of setosa is 0.912`);
    expect(svg).toContain(`\n<title>${title.title}</title>\n`);
    expect(13 * 1.12 * textWidth(title.words)).toBeLessThanOrEqual(740 - 32);
  });

  test('has both ends of the name and of the class where both are long', () => {
    const [title] = textsOf(chart([], { name, version: 3 }, { target: { index: 0, label, of: 'answer' } })) as [Told];
    expect(title.words).toMatch(/^a-mod.*… ?.* version 3: the score of a_cla.*….*_to is 0\.912$/);
  });

  test('has the method and the score of a long baseline', () => {
    const [, subtitle] = textsOf(chart([], iris, { baseline: 'とても長い文章'.repeat(20) })) as [Told, Told];
    expect(subtitle.words).toMatch(/^shapley; of the baseline it is 0\.5 \(とても.*….*文章\)$/);
    expect(12 * textWidth(subtitle.words)).toBeLessThanOrEqual(740 - 32);
  });
});
