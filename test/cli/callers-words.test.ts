import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { callersWords } from '../../cli/callers-words.ts';
import { commandWords } from '../../cli/command-words.ts';
import { numberAdvice } from '../../src/adapters/training/number-advice.ts';
import { openCheckpoint } from '../../src/adapters/training/open-checkpoint.ts';
import { optionWord } from '../../src/core/model-jobs/option-word.ts';
import { encodeCheckpoint } from '../../src/core/training/checkpoint.ts';
import { readFineTuningRequest } from '../../src/http/fine-tuning/read-fine-tuning-request.ts';

const paths = new Map([
  ['file-1', '____.csv'],
  ['file-2', 'plain.csv'],
  ['file-3', 'source/a+b.onnx'],
  ['file-4', 'source/a+b.onnx.data'],
]);
const stored = { key: 'k', bytes: 1, version: 'v' };
const inputs = {
  'file-1': { ...stored, filename: '日本 é.csv' },
  'file-2': { ...stored, filename: 'plain.csv' },
  'file-3': { ...stored, filename: 'of --epochs.onnx' },
  'file-4': { ...stored, filename: 'its.data' },
};

test.each([
  [
    'more (--epochs) may make it better',
    'more (options.epochs) may make it better',
    'more (method.supervised.hyperparameters.n_epochs) may make it better',
  ],
  ['others with --test, tell', 'others with options.test, tell', 'others with validation_file, tell'],
  ['name them with --columns', 'name them with options.columns', 'name them with method.supervised.columns'],
  [
    '--batch-rows 4 of --new linear',
    'options.batchRows 4 of options.new "linear"',
    'method.supervised.hyperparameters.batch_size 4 of new:linear',
  ],
  [
    'by --new linear or by a recipe with "loss"',
    'by options.new "linear" or by a recipe with "loss"',
    'by new:linear or by a recipe (options.recipe of /v1/jobs) with "loss"',
  ],
  ['error: ____.csv: row 5', 'error: 日本 é.csv: row 5', 'error: 日本 é.csv: row 5'],
  ['by --new, not --newer', 'by options.new, not --newer', 'by model, not --newer'],
  ['source/a+b.onnx.data, source/a+b.onnx', ...Array(2).fill('its.data, of --epochs.onnx')],
  // None of a request: the name of another file, an option of other commands, a line in a text.
  ['a____.csv, plain.csv, --force, a--epochs', ...Array(2).fill('a____.csv, plain.csv, --force, a--epochs')],
])('%s is said as whoever asked for the job knows it', (line, ofJob, ofFineTuning) => {
  const told = callersWords({ kind: 'train', inputs }, paths)(line);
  expect(told).toEqual(ofJob);
  expect(callersWords({ kind: 'train', inputs, fineTuning: {} }, paths)(line)).toEqual(ofFineTuning);
});

test.each([
  'more (--epochs) may make it better, or others with --test',
  'by --new linear or --head mlp: --learning-rate-multiplier 2',
  'prune-options.txt and my.options.epochs',
])('%s is the same again for whoever has a server run the command', (line) => {
  expect(commandWords('train', callersWords({ kind: 'train', inputs }, paths)(line))).toBe(line);
});

test('texts in place of numbers are advised as whoever asked for the job can do it', () => {
  const advice = numberAdvice.text ?? '';
  const told = (more: object) => callersWords({ kind: 'train', inputs, ...more }, paths)(advice);
  expect(told({})).toMatch(/with options\.columns \(.*, with options\.head "linear"\)$/);
  expect(told({ fineTuning: {} })).toMatch(
    /with method\.supervised\.columns \(.*, with method\.supervised\.head "linear"\)$/,
  );
});

test('what a server refuses of an option is told in words of the command', () => {
  const message =
    "the server answers 400: field 'options.target': expected a column of 'options.csv'; options.of is none";
  expect(commandWords('train', message)).toBe(
    "the server answers 400: --target: expected a column of 'options.csv'; options.of is none",
  );
});

test('what a training cannot go on from is told without the place where it lies', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate callers-'));
  const source = { name: 'encoder@5', sha256: 'b' };
  const same = { recipe: {}, made: { source }, target: undefined, columns: undefined, workers: undefined };
  const open = () => openCheckpoint(folder, 'made', same as unknown as Parameters<typeof openCheckpoint>[2]);
  const inTheirWords = callersWords({ kind: 'train', inputs }, paths);
  const told = async () => inTheirWords(`error: ${await open().catch(({ message }) => message)}`);
  await writeFile(join(folder, 'made.checkpoint'), 'other');
  expect(await told()).toBe(
    'error: what it had kept to go on from is no checkpoint of a training, or not all of one: ask for it again',
  );
  const best = { epoch: 1, loss: 1, weights: new Map() };
  const progress = { curve: [], best, steps: 0, weights: new Map(), states: new Map() };
  await writeFile(join(folder, 'made.checkpoint'), encodeCheckpoint({ id: '{"the model":"other"}', progress }));
  expect(await told()).toMatch(
    /^error: what it had kept to go on from is of another training, which differs in .*the model.*: ask for it again$/,
  );
  await rm(folder, { recursive: true });
});

const hyperparameters = { n_epochs: 3, batch_size: 4, learning_rate_multiplier: 2 };
test.each([
  ['new:mlp', { target: 't', columns: 'c', hyperparameters }],
  ['encoder', { head: 'linear' }],
  ['encoder', { freeze: ['a.*'] }],
])('each option that %s is fine-tuned with is told by a field of its request: %j', (model, supervised) => {
  const method = { type: 'supervised', supervised };
  const request = { model, training_file: 'file-1', validation_file: 'file-2', method, seed: 1, suffix: 's' };
  const { job, fineTuning } = readFineTuningRequest(request);
  const inTheirWords = callersWords({ kind: job.kind, inputs, fineTuning }, paths);
  for (const name of Object.keys(job.options)) {
    const field = inTheirWords(optionWord(name)).split('.').at(-1);
    expect(JSON.stringify(request)).toContain(`"${field}":`);
  }
});
