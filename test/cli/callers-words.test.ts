import { expect, test } from '@jest/globals';
import { callersWords } from '../../cli/callers-words.ts';

const paths = new Map([
  ['file-1', '____.csv'],
  ['file-2', 'plain.csv'],
]);
const stored = { key: 'k', bytes: 1, version: 'v' };
const inputs = {
  'file-1': { ...stored, filename: '日本 é.csv' },
  'file-2': { ...stored, filename: 'plain.csv' },
};

test.each([
  [
    'more (--epochs) may make it better',
    'more (options.epochs) may make it better',
    'more (n_epochs) may make it better',
  ],
  ['others with --test, tell', 'others with options.test, tell', 'others with validation_file, tell'],
  ['name them with --columns', 'name them with options.columns', 'name them with method.supervised.columns'],
  ['--batch-rows 4 of --new linear', 'options.batchRows 4 of options.new linear', 'batch_size 4 of new:linear'],
  ['error: ____.csv: row 5', 'error: 日本 é.csv: row 5', 'error: 日本 é.csv: row 5'],
  // None of a request: the name of another file, an option of other commands, a line in a text.
  ['a____.csv, plain.csv, --force, a--epochs', ...Array(2).fill('a____.csv, plain.csv, --force, a--epochs')],
])('%s is said as whoever asked for the job knows it', (line, ofJob, ofFineTuning) => {
  expect(callersWords({ kind: 'train', inputs }, paths)(line)).toBe(ofJob);
  expect(callersWords({ kind: 'train', inputs, fineTuning: {} }, paths)(line)).toBe(ofFineTuning);
});
