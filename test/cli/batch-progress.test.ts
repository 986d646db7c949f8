import { PassThrough } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { BatchProgress } from '../../cli/batch-progress.ts';
import { progressWords } from '../../cli/progress-words.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

let shown: BatchProgress | undefined;
afterEach(() => shown?.stop());

/** Progress in this form, and what it has written so far. */
function open(form: 'bar' | 'lines' | 'none') {
  const stream = Object.assign(new PassThrough(), { isTTY: form === 'bar', columns: 200 });
  let text = '';
  stream.on('data', (piece) => {
    text += piece;
  });
  const clock = new FakeClock();
  const progress = new BatchProgress({ stream: stream as unknown as NodeJS.WriteStream, form, clock, lineMs: 20 });
  shown = progress;
  return { progress, clock, text: () => stripVTControlCharacters(text) };
}

test.each([
  [{ total: 10, before: 0, done: 0, failed: 0, seconds: 0 }, '0/10 records (0 %) · 0 failed · 0 records/s · ? left'],
  [
    { total: 200_000, before: 0, done: 50_000, failed: 1234, seconds: 100 },
    '50,000/200,000 records (25 %) · 1,234 failed · 500 records/s · 5 min 0 s left',
  ],
  // Of the half that an earlier run did, nothing is known of how long it took.
  [
    { total: 1000, before: 500, done: 505, failed: 0, seconds: 20 },
    '505/1,000 records (50 %) · 0 failed · 0.3 records/s · 33 min 0 s left',
  ],
  [
    { total: 1e6, before: 0, done: 100, failed: 0, seconds: 1 },
    '100/1,000,000 records (0 %) · 0 failed · 100 records/s · 2 h 46 min left',
  ],
])('%j is %s', (count, words) => {
  expect(progressWords(count)).toBe(words);
});

test('lines tell of runs as they end, and take back what was done in vain', async () => {
  const { progress, clock, text } = open('lines');
  progress.start(1000, { done: 100, failed: 1 });
  progress.ran(64);
  clock.ms = 1000;
  await pause(50);
  expect(text().split('\n')[0]).toBe('164/1,000 records (16 %) · 1 failed · 64 records/s · 13 s left');
  progress.add(128, 3);
  await pause(50);
  expect(text()).toMatch(/\n228\/1,000 records \(22 %\) · 4 failed · 128 records\/s · 6 s left\n$/);
  progress.ran(32);
  progress.add(-128, -3);
  await pause(50);
  expect(text()).toMatch(/\n100\/1,000 records \(10 %\) · 1 failed · 0 records\/s · \? left\n$/);
  progress.stop();
  const end = text();
  await pause(50);
  expect(text()).toBe(end);
});

test('a bar has the same words, and goes out of the way of a line', async () => {
  const { progress, clock, text } = open('bar');
  progress.start(100, { done: 50, failed: 0 });
  expect(text()).toContain('==========---------- 50/100 records (50 %) · 0 failed · 0 records/s · ? left');
  progress.say('the model is slow');
  expect(text()).toMatch(/the model is slow\n$/);
  clock.ms = 5000;
  progress.add(25, 1);
  progress.stop();
  expect(text()).toMatch(/===============----- 75\/100 records \(75 %\) · 1 failed · 5 records\/s · 5 s left\n$/);
});

test('what comes before is told once, and only where it takes a while', async () => {
  const { progress, text } = open('bar');
  progress.prepare('the records are counted');
  progress.start(10, { done: 0, failed: 0 });
  await pause(50);
  expect(text()).not.toContain('counted');
  progress.stop();
  progress.prepare('the records are counted');
  await pause(70);
  expect(text().match(/the records are counted\n/g)).toHaveLength(1);
});

test('none is none', async () => {
  const { progress, text } = open('none');
  progress.prepare('the records are counted');
  await pause(50);
  progress.start(100, { done: 0, failed: 0 });
  progress.add(100, 0);
  await pause(50);
  progress.stop();
  expect(text()).toBe('');
});
