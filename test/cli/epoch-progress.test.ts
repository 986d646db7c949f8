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

describe('the bar of a training', () => {
  const terminal = process.stderr.isTTY;
  let written: string[];
  beforeEach(() => {
    process.stderr.isTTY = true;
    written = [];
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  });
  afterEach(() => {
    process.stderr.isTTY = terminal;
    jest.restoreAllMocks();
  });

  const curve = (passes: number) => Array.from({ length: passes }, (_pass, at) => ({ epoch: at + 1, loss: 1 }));
  /** How much of the bar is full at its end, and what is said beside it. */
  function end(progress: EpochProgress): readonly [full: number, words: string | undefined] {
    progress.stop();
    const line = written.findLast((text) => text.includes('passes at most')) ?? '';
    return [line.match(/=|█/gu)?.length ?? 0, line.match(/\d+ of \d+ passes/)?.[0]];
  }

  test('is as full as it has made of all its passes, and says at its end how many these were', () => {
    const progress = new EpochProgress(100, true);
    for (let passes = 1; passes <= 45; passes += 1) progress.epoch(curve(passes));
    expect(end(progress)).toEqual([9, '45 of 100 passes']);
  });

  test('grows within a pass, and does not begin anew with the next', () => {
    const progress = new EpochProgress(4, true, curve(2));
    progress.step(16, 20);
    expect(end(progress)).toEqual([14, '2 of 4 passes']);
  });
});
