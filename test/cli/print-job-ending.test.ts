import { beforeEach, expect, jest, test } from '@jest/globals';
import { printJobEnding } from '../../cli/print-job-ending.ts';

const printed: string[] = [];
const log = jest.spyOn(console, 'log');
const error = jest.spyOn(console, 'error');
beforeEach(() => {
  printed.length = 0;
  for (const spy of [log, error]) spy.mockImplementation((line) => void printed.push(String(line)));
});

const reason = `rows.csv: 3 rows cannot be learned from ${'x'.repeat(200)}`;
const job = (message: string) => ({
  id: 'job_1',
  kind: 'train',
  model: 'iris',
  source: null,
  status: 'failed',
  created_at: 0,
  finished_at: 1,
  progress: message,
  versions: [],
  error: { message },
  result: null,
});

test.each([
  [reason, ['begun', `error: ${reason}`]],
  ['gate: a\ngate: b', ['begun', 'gate: a', 'gate: b']],
])('what a job said of its failure is not said again', (message, said) => {
  printJobEnding(job(message), said);
  expect(printed).toHaveLength(2);
  expect(printed[1]).toMatch(/^job_1 +train +iris +failed +[-\d:TZ]+$/);
});

test('what it did not say is told whole, once', () => {
  printJobEnding(job(reason), ['begun']);
  expect(printed.slice(2)).toEqual([reason]);
  expect(printed[1]).not.toContain('rows.csv');
});
