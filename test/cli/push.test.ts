import { cp, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { sequenceModel } from '../adapters/models.ts';
import { expectFailure } from '../fakes/expect-failure.ts';
import { externalModel } from '../fakes/external-model.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';

jest.setTimeout(120_000);

let folder: string;
const file = (name: string) => join(folder, name);

/** Takes whole rows of 4 elements only, which its shape does not say. */
function rowsOfFour(size: number | string): Uint8Array {
  const shape = new Uint8Array(BigInt64Array.of(-1n, 4n).buffer);
  return buildOnnx({
    inputs: [{ name: 'x', datatype: 'FP32', shape: [size] }],
    outputs: [{ name: 'y', datatype: 'FP32' }],
    initializers: [{ name: 's', datatype: 'INT64', shape: [2], data: shape }],
    nodes: [{ op: 'Reshape', inputs: ['x', 's'], outputs: ['y'] }],
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-push-'));
  await writeFile(file('external.onnx'), externalModel('weights.bin'));
  await writeFile(file('weights.bin'), new Uint8Array(Float32Array.of(1).buffer));
  await writeFile(file('lost.onnx'), externalModel('lost.bin'));
  await writeFile(file('sequence.onnx'), buildOnnx(sequenceModel()));
  await writeFile(file('free.onnx'), rowsOfFour('N'));
  await writeFile(file('empty.onnx'), '');
  await writeFile(file('noise.onnx'), Uint8Array.of(0x3a, 0xff));
});
afterAll(() => rm(folder, { recursive: true }));

describe('push', () => {
  test('stores a model with its external data, as the next version, in a repository that it makes', async () => {
    const words = ['push', file('external.onnx'), '--models', file('new/store'), '--name'];
    expect(await runCommand(...words, 'pushed@4')).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await runCommand(...words, 'pushed');
    expect(stdout).toBe(`stored model 'pushed' version 5 in ${file('new/store/pushed/5')}\n`);
    expect((await readdir(file('new/store/pushed/5'))).sort()).toEqual(['manifest.json', 'model.onnx', 'weights.bin']);
    await expectFailure([...words, 'pushed@4'], "model 'pushed' version 4 exists already");
  });

  test('stores the texts that belong to a model beside it', async () => {
    const texts = { 'labels.txt': 'a\nb\n', 'config.json': '{"architectures": ["BertForMaskedLM"]}', 'notes.md': '' };
    for (const [name, content] of Object.entries(texts)) await writeFile(file(name), content);
    const store = ['--name', 'texts', '--models', file('new/store')];
    const { stdout } = await runCommand(
      'push',
      file('external.onnx'),
      file('labels.txt'),
      file('config.json'),
      ...store,
    );
    expect(stdout).toBe(
      `stored model 'texts' version 1 in ${file('new/store/texts/1')}\nby its files: no task: config.json names BertForMaskedLM, for which there is none\n`,
    );
    const stored = await readdir(file('new/store/texts/1'));
    expect(stored.sort()).toEqual(['config.json', 'labels.txt', 'manifest.json', 'model.onnx', 'weights.bin']);
    await expectFailure(
      ['push', file('external.onnx'), file('notes.md'), ...store],
      `${file('notes.md')}: beside a model go texts`,
    );
    await expectFailure(
      ['push', file('external.onnx'), file('external.onnx'), ...store],
      'expected one ONNX file, got ',
    );
    await expectFailure(
      ['push', file('labels.txt'), file('config.json'), ...store],
      'expected one ONNX file, got none',
    );
    await expectFailure(
      ['push', file('external.onnx'), file('model.json'), ...store],
      `${file('model.json')} is of all versions of the model`,
    );
    await expectFailure(
      ['push', file('external.onnx'), file('none.txt'), ...store],
      `there is no file ${file('none.txt')}`,
    );
    await writeFile(file('large.txt'), '');
    await truncate(file('large.txt'), 64 * 1024 * 1024 + 1);
    await expectFailure(
      ['push', file('external.onnx'), file('large.txt'), ...store],
      `${file('large.txt')} is 67108865 bytes, more than`,
    );
  });

  test('stores what counts of a repository as Hugging Face has it', async () => {
    const files = ['config.json', '1_Pooling/config.json', 'README.md', 'model.safetensors', '.git/config.json'];
    for (const path of files) {
      await mkdir(dirname(file(`repository/${path}`)), { recursive: true });
      await writeFile(file(`repository/${path}`), '{}');
    }
    await mkdir(file('repository/onnx'));
    await cp(file('external.onnx'), file('repository/onnx/model.onnx'));
    await cp(file('weights.bin'), file('repository/onnx/weights.bin'));
    await cp(file('external.onnx'), file('repository/onnx/model_q4.onnx'));
    const words = ['push', file('repository'), '--name', 'repository', '--models', file('new/store')];
    expect(await runCommand(...words)).toMatchObject({ code: 0, stderr: '' });
    const stored = await readdir(file('new/store/repository/1'), { recursive: true });
    const kept = [
      '1_Pooling',
      '1_Pooling/config.json',
      'config.json',
      'manifest.json',
      'onnx',
      'onnx/model.onnx',
      'onnx/weights.bin',
    ];
    expect(stored.sort()).toEqual(kept);
    await rm(file('repository/onnx/model.onnx'));
    await expectFailure(
      words,
      `${file('repository')}: expected model.onnx or onnx/model.onnx, got onnx/model_q4.onnx; push the one that you want`,
    );
    await expectFailure([...words, file('labels.txt')], `${file('repository')} is a folder: push it alone, or files`);
  });

  // The runtime reports a guess that breaks within an operator as a failure (500), not as a refusal of inputs (400).
  test('warns where zeros of a guessed size fail, and stores the model', async () => {
    const words = ['push', file('free.onnx'), '--name', 'free', '--models', file('new/store')];
    const { code, stderr, stdout } = await runCommand(...words);
    expect(stderr).toContain(
      "was refused (set warmupShapes in model.json): the model failed on these inputs: Reshape node 'Reshape_y': The input",
    );
    expect(stdout).toContain("stored model 'free' version 1");
    expect(code).toBe(0);
  });

  test.each([
    ['none.onnx', 'there is no file'],
    ['noise.onnx', `${'noise.onnx'} is not an ONNX file, or a damaged one (`],
    ['empty.onnx', 'empty.onnx is empty'],
    ['lost.onnx', 'lost.onnx cannot be loaded: External data path validation failed for initializer: w.'],
    ['sequence.onnx', "sequence.onnx cannot be loaded: none of its outputs can be answered: 'items' ("],
  ])('refuses %s and stores nothing', async (name, message) => {
    const { code, stderr } = await runCommand('push', file(name), '--name', 'bad', '--models', file('bad'));
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect(await readdir(folder)).not.toContain('bad');
  });
});
