import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { printPredictions } from '../../cli/print-predictions.ts';

describe('predictions', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const printed = (prediction: unknown, json = false) => {
    const [lines, notes]: [string[], string[]] = [[], []];
    jest.spyOn(console, 'log').mockImplementation((line) => void lines.push(String(line)));
    jest.spyOn(console, 'error').mockImplementation((line) => void notes.push(String(line)));
    printPredictions({ predictions: [prediction] } as never, ['cat.png'], json);
    return { lines, notes };
  };
  const box = { xmin: 1.234567890123, ymin: -0.00001234567, xmax: 123456.789, ymax: 4 };
  const object = (label: string) => ({ label, score: 0.9876543210987, box });

  test('have the sides of a box as columns, of six digits', () => {
    const { lines, notes } = printed([object('cat')]);
    expect(lines.map((line) => line.split(/ +/))).toEqual([
      ['LABEL', 'SCORE', 'XMIN', 'YMIN', 'XMAX', 'YMAX'],
      ['cat', '0.987654', '1.23457', '-0.0000123457', '123457', '4'],
    ]);
    expect(notes).toEqual([]);
  });

  test('have all digits in JSON', () => {
    expect(printed([object('cat')], true).lines).toEqual([JSON.stringify({ predictions: [[object('cat')]] })]);
  });

  test('say what to do where a picture is full of one thing', () => {
    const many = Array.from({ length: 100 }, () => object('0'));
    expect(printed(many).notes.join()).toMatch(/100 objects, all of them '0'.*'background' of 'boxes'/);
    jest.restoreAllMocks();
    expect(printed([...many, object('1')]).notes).toEqual([]);
  });
});
