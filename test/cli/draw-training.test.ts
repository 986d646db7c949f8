import { describe, expect, test } from '@jest/globals';
import { drawTraining } from '../../cli/draw-training.ts';
import { textWidth } from '../../src/core/charts/text-width.ts';
import type { TrainingReport } from '../../src/core/training/training-report.ts';

const estimate = { value: 0.9, low: 0.8, high: 0.95 };

/** Of a model that holds one row of each class for the next. */
function report(count: number, nameOf: (place: number) => string, epochs = 46): TrainingReport {
  const places = Array.from({ length: count }, (_class, place) => place);
  const confusion = places.map((row) =>
    places.map((column) => (row === column ? 9 : column === (row + 1) % count ? 1 : 0)),
  );
  return {
    rows: { train: 7, validation: 1, test: 2 },
    classes: places.map(nameOf),
    curve: Array.from({ length: epochs }, (_pass, at) => ({ epoch: at + 1, loss: 3, validationLoss: 2 })),
    bestEpoch: Math.min(epochs, 36),
    steps: 46,
    measuredBy: 'test',
    notes: [],
    metrics: { kind: 'classes', confusion, accuracy: estimate } as unknown as NonNullable<TrainingReport['metrics']>,
  };
}

const sizeOf = (picture: string) => (picture.match(/viewBox="0 0 (\d+) (\d+)"/) ?? []).slice(1).map(Number);

/** Where the lower edge of the last field is. */
function bottomOf(picture: string): number {
  const fields = picture.matchAll(/<rect x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g);
  return Math.max(...Array.from(fields, ([, y, height]) => Number(y) + Number(height)));
}

describe('the picture of a training', () => {
  test.each([3, 10, 77, 300])('of %i classes is as high as what is in it', (count) => {
    const picture = drawTraining(
      ['iris'],
      report(count, (place) => `class_${place}`),
    );
    const [width = 0, height = 0] = sizeOf(picture);
    expect(height - bottomOf(picture)).toBeGreaterThanOrEqual(30);
    expect(height - bottomOf(picture)).toBeLessThan(32);
    const rights = picture.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g);
    expect(width).toBeGreaterThan(Math.max(...Array.from(rights, ([, x, side]) => Number(x) + Number(side))));
  });

  test('says over the plot what each line is, also the one of the best pass', () => {
    const picture = drawTraining(['iris'], report(3, String));
    const plotTop = Number(picture.match(/<path d="M[\d.]+ ([\d.]+)V[\d.]+H/)?.[1]);
    for (const words of ['rows that it learns from', 'rows that it is stopped by', 'the best pass: 36'])
      expect(Number(picture.match(new RegExp(`y="(\\d+)">${words}<`))?.[1])).toBeLessThan(plotTop);
  });

  test('has the names of 77 classes beside the rows and over the columns, long ones cut', () => {
    const long = 'transfer_not_received_by_recipient_yet';
    const picture = drawTraining(
      ['banking77'],
      report(77, (place) => (place === 76 ? long : `<class_${place}>`)),
    );
    expect(picture.split('>&lt;class_40></text>')).toHaveLength(3);
    const cut = Array.from(picture.matchAll(/<title>transfer_not_received_by_recipient_yet<\/title>(.*)<\/text>/g));
    expect(cut.map(([, shown]) => shown)).toEqual(Array(2).fill('transfer_not_rece…by_recipient_yet'));
    expect(picture).toContain(`<title>${long}: 9 of 10 held for ${long}</title>`);
  });

  test('has room for names of wide letters', () => {
    const name = '日本語の名前';
    const picture = drawTraining(
      ['wide'],
      report(3, (place) => `${name}${place}`),
    );
    const x = Number(picture.match(new RegExp(`<text x="([\\d.]+)"[^>]*>${name}0<`))?.[1]);
    // As wide as they are high.
    expect(x - 12 * 7).toBeGreaterThanOrEqual(70);
  });

  test('has the end of a long path in its title, and all of it for whoever points there', () => {
    const data = `${'deep/folder/'.repeat(14)}lc3.csv`;
    const picture = drawTraining(['lc3, of ', { text: data, cut: 'start' }], report(3, String));
    const [, whole, shown = ''] = picture.match(/<text x="70" y="22"[^>]*><title>(.*)<\/title>(.*)<\/text>/) ?? [];
    expect(whole).toBe(`lc3, of ${data}`);
    expect(shown).toMatch(/^lc3, of ….*folder\/lc3\.csv$/);
    expect(15 * textWidth(shown)).toBeLessThanOrEqual(860 - 70 - 10);
  });

  test('has numbers of some classes where there is no room for names', () => {
    const picture = drawTraining(
      ['many'],
      report(300, (place) => `class_${place}`),
    );
    expect(picture).toContain('classes by their numbers, from 0');
    expect(picture).not.toContain('>class_40</text>');
    expect(picture.split('>40</text>')).toHaveLength(3);
  });

  test('shows a pass that is alone as points, and says its number once', () => {
    const picture = drawTraining(
      ['short'],
      report(3, (place) => `class_${place}`, 1),
    );
    expect(picture.match(/<circle /g)).toHaveLength(2);
    expect(picture.split('text-anchor="middle">1</text>')).toHaveLength(5);
  });
});
