import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { foldableModel } from '../adapters/models.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';

jest.setTimeout(60_000);

let models: string;
beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'tensorgate-cli-prepare-'));
  for (const version of ['1', '2']) {
    await mkdir(join(models, 'folded', version), { recursive: true });
    await writeFile(join(models, 'folded', version, 'model.onnx'), buildOnnx(foldableModel()));
  }
  await writeFile(join(models, 'folded/aliases.json'), '{"production": 1}');
});
afterAll(() => rm(models, { recursive: true }));

describe('prepare', () => {
  test('prepares the newest version, beside the model, and tells what that won', async () => {
    const { code, stdout, stderr } = await runCommand('prepare', 'folded', '--models', models);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^FORM +LOAD +FIRST RUN +RUN +BYTES\nas stored +[0-9.]+ ms .*\nprepared +[0-9.]+ ms .*\n/);
    expect(stdout).toContain("model 'folded' version 2 is prepared for this kind of machine\n");
    expect(await readdir(join(models, 'folded/2/.prepared'))).toHaveLength(1);
    expect(await readdir(join(models, 'folded/1'))).toEqual(['model.onnx']);
  });

  test('prepares the version of an alias, and prints JSON', async () => {
    const { code, stdout } = await runCommand('prepare', 'folded@production', '--models', models, '--json');
    expect(code).toBe(0);
    const figures = {
      bytes: expect.any(Number),
      loadMs: expect.any(Number),
      firstRunMs: expect.any(Number),
      runMs: expect.any(Number),
    };
    expect(JSON.parse(stdout)).toEqual({
      model: 'folded',
      version: 1,
      whyNot: '',
      figures: { plain: figures, prepared: figures },
    });
  });

  test.each([
    [['foldet'], "no model 'foldet' in .*; did you mean 'folded'\\?", 1],
    [['folded@3'], "model 'folded' has no version or alias '3'; it has 1, 2, production", 1],
    [[], "missing required argument 'model\\[@version\\]'", 64],
  ])('%j fails and says what to do', async (words, message, expected) => {
    const { code, stdout, stderr } = await runCommand('prepare', ...words, '--models', models);
    expect(stderr).toMatch(new RegExp(message));
    expect([code, stdout]).toEqual([expected, '']);
  });
});
