import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { sampleModels } from '../fakes/sample-models.ts';

const models = sampleModels();
const runs = (...words: string[]) =>
  spawnSync(process.execPath, ['cli/tensorgate.js', ...words], { encoding: 'utf8', timeout: 50_000 });

// The runtime itself ends a process with so many on its command line.
test('words of any length reach a command that loads a model', () => {
  const row = `[5.1,3.5,1.4,0.2${' '.repeat(60_000)}]`;
  const { status, signal, stdout, stderr } = runs('infer', 'iris', '--models', models, row);
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  expect(stdout).toMatch(/^LABEL +SCORE\nsetosa +0\.98/);
}, 60_000);

test('none of many words is lost', () => {
  const { status, stderr } = runs('show', ...Array.from({ length: 2000 }, (_item, at) => `word${at}`));
  expect(status).toBe(64);
  expect(stderr).toContain('Expected 1 argument but got 2000.');
}, 60_000);
