import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';

const committed = [
  'README.md',
  'recipes/make_models.py',
  'digits/1/model.onnx',
  'iris/1/model.onnx',
  'iris/1/config.json',
];

/**
 * A repository of the sample models as they were committed, until the tests of the file that calls this have ended.
 * Whoever tries this project out has other models and versions in `models/`, too.
 */
export function sampleModels(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tensorgate-samples-'));
  for (const file of committed) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    copyFileSync(join('models', file), join(folder, file));
  }
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}
