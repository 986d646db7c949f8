import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { EpochProgress } from '../../cli/epoch-progress.ts';

describe('progress of a training that nobody watches', () => {
  const terminal = process.stderr.isTTY;
  let lines: string[];
  let now: number;
  beforeEach(() => {
    process.stderr.isTTY = false;
    lines = [];
    now = 0;
    jest.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line).split(':')[0] as string));
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    process.stderr.isTTY = terminal;
    jest.restoreAllMocks();
  });

  function train(epochs: number, of: number, passMs: number): void {
    const progress = new EpochProgress(of, true);
    for (let epoch = 1; epoch <= epochs; epoch += 1) {
      now += passMs;
      progress.epoch([{ epoch, loss: 1 }]);
    }
    progress.stop();
  }

  test('is the first and the last pass, where it took a moment', () => {
    train(43, 50, 10);
    expect(lines).toEqual(['pass 1 of 50 at most', 'pass 43 of 50 at most']);
  });

  test('is a line for as many passes as take a second, and the last once', () => {
    train(10, 10, 400);
    expect(lines).toEqual([1, 4, 7, 10].map((pass) => `pass ${pass} of 10 at most`));
  });

  test('is some fifty lines, however long it takes', () => {
    train(1000, 1000, 5000);
    expect(lines).toHaveLength(51);
  });
});
