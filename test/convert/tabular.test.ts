import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { ConversionSuite } from './conversion-suite.ts';

// The first makes an environment.
jest.setTimeout(600_000);

let suite: ConversionSuite;
beforeAll(async () => {
  suite = await ConversionSuite.trained('tabular');
});
afterAll(() => suite.end());

const trust = '--trust-pickle';
const sources = {
  pipeline: 'pipeline.joblib',
  forest: 'forest.joblib',
  histogram: 'histogram.joblib',
  ridge: 'ridge.joblib',
  mixed: 'mixed.joblib',
  columns: 'columns.joblib',
  binary: 'binary.ubj',
  regression: 'regression.json',
  several: 'several.txt',
  counts: 'counts.txt',
};

test('models of scikit-learn, XGBoost and LightGBM are converted, and served they answer as their framework did', async () => {
  for (const [name, source] of Object.entries(sources)) {
    const samples = name === 'columns' ? ['--samples', suite.path('columns.jsonl')] : [];
    const { code, stderr } = await suite.convert(source, name, trust, ...samples);
    expect([name, code, stderr]).toEqual([name, 0, expect.stringMatching(/gate: \d+ (random )?samples answered as/)]);
  }
  const differences = await suite.served(sources);
  for (const [name, difference] of Object.entries(differences)) expect([name, difference < 1e-5]).toEqual([name, true]);
});

test('one without chances, such as of outliers, is converted too', async () => {
  expect((await suite.convert('outliers.joblib', 'outliers', trust)).code).toBe(0);
});

test.each([
  ['binary.ubj', 'base-score', 'other-answers'],
  ['regression.json', 'base-score', 'other-answers'],
  ['binary.ubj', 'missing-values', 'other-answers'],
  ['regression.json', 'edges', 'other-answers'],
  ['several.txt', 'one-leaf', 'other-answers'],
  ['counts.txt', 'missing-values', 'other-answers'],
  ['forest.joblib', 'swapped-features', 'other-answers'],
  ['pipeline.joblib', 'no-scaling', 'other-answers'],
  ['histogram.joblib', 'swapped-classes', 'other-answers'],
  ['pipeline.joblib', 'fixed-batch', 'lost-free-dimension'],
  ['binary.ubj', 'no-input', 'other-inputs'],
])('of %s a conversion with the fault %s is refused', async (source, fault, finding) => {
  const before = await suite.stored();
  const { code, stderr } = await suite.convertWrongly(source, fault, trust);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`: ${finding}: `)]);
  expect(await suite.stored()).toEqual(before);
});

test.each([
  ['linear.ubj', 'got gblinear'],
  ['dictionary.joblib', 'got dict of model: pickle the pipeline itself'],
  ['columns.joblib', 'takes columns by name (age, job)'],
])('%s is refused with what to do', async (source, words) => {
  const { code, stderr } = await suite.convert(source, 'refused', trust);
  expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
});

test('a pickle of another release of scikit-learn is refused, unless its answers there are known', async () => {
  const bytes = await readFile(suite.path('ridge.joblib'), 'latin1');
  const old = bytes.replace(/\d\.\d\.\d(?=\x94[^\x94]*ub)|1\.9\.1/, '1.5.1');
  expect(old).not.toBe(bytes);
  await writeFile(suite.path('old.joblib'), old, 'latin1');
  const { code, stderr } = await suite.convert('old.joblib', 'old', trust);
  expect([code, stderr]).toEqual([2, expect.stringContaining('it was made with scikit-learn 1.5.1 and read by 1.9.1')]);
  const { request, expected } = JSON.parse(await readFile(suite.path('ridge.answers.json'), 'utf8'));
  const rows = request.inputs[0].data as number[];
  const lines = [0, 1, 2].map((row) =>
    JSON.stringify({
      inputs: { X: rows.slice(row * 10, row * 10 + 10) },
      outputs: { variable: [[expected.variable[row]]] },
    }),
  );
  await writeFile(suite.path('old.jsonl'), lines.join('\n'));
  expect((await suite.convert('old.joblib', 'old', trust, '--samples', suite.path('old.jsonl'))).code).toBe(0);
});
