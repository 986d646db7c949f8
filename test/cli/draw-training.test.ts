import { describe, expect, test } from '@jest/globals';
import { drawTraining } from '../../cli/draw-training.ts';
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
      'iris',
      report(count, (place) => `class_${place}`),
    );
    const [width = 0, height = 0] = sizeOf(picture);
    expect(height - bottomOf(picture)).toBeGreaterThanOrEqual(30);
    expect(height - bottomOf(picture)).toBeLessThan(32);
    const rights = picture.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g);
    expect(width).toBeGreaterThan(Math.max(...Array.from(rights, ([, x, side]) => Number(x) + Number(side))));
  });

  test('says over the plot what each line is, also the one of the best pass', () => {
    const picture = drawTraining('iris', report(3, String));
    const plotTop = Number(picture.match(/<path d="M[\d.]+ ([\d.]+)V[\d.]+H/)?.[1]);
    for (const words of ['rows that it learns from', 'rows that it is stopped by', 'the best pass: 36'])
      expect(Number(picture.match(new RegExp(`y="(\\d+)">${words}<`))?.[1])).toBeLessThan(plotTop);
  });

  test('has the names of 77 classes beside the rows and over the columns, long ones cut', () => {
    const long = 'transfer_not_received_by_recipient';
    const picture = drawTraining(
      'banking77',
      report(77, (place) => (place === 76 ? long : `<class_${place}>`)),
    );
    expect(picture.split('>&lt;class_40></text>')).toHaveLength(3);
    expect(picture.split('>transfer_not_received_by_recipi…</text>')).toHaveLength(3);
    expect(picture).toContain(`<title>${long}: 9 of 10 held for ${long}</title>`);
  });

  test('has numbers of some classes where there is no room for names', () => {
    const picture = drawTraining(
      'many',
      report(300, (place) => `class_${place}`),
    );
    expect(picture).toContain('classes by their numbers, from 0');
    expect(picture).not.toContain('>class_40</text>');
    expect(picture.split('>40</text>')).toHaveLength(3);
  });

  test('shows a pass that is alone as points, and says its number once', () => {
    const picture = drawTraining(
      'short',
      report(3, (place) => `class_${place}`, 1),
    );
    expect(picture.match(/<circle /g)).toHaveLength(2);
    expect(picture.split('text-anchor="middle">1</text>')).toHaveLength(5);
  });
});
