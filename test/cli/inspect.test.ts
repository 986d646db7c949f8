import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { expectFailure } from '../fakes/expect-failure.ts';
import { externalModel } from '../fakes/external-model.ts';
import { runCommand } from '../fakes/run-command.ts';
import { sampleModels } from '../fakes/sample-models.ts';

jest.setTimeout(60_000);

const samples = sampleModels();
let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-inspect-'));
  await writeFile(file('external.onnx'), externalModel('weights.bin'));
  await writeFile(file('weights.bin'), new Uint8Array(Float32Array.of(1).buffer));
});
afterAll(() => rm(folder, { recursive: true }));

describe('inspect', () => {
  test('tells what a model of the repository is', async () => {
    const { stdout } = await runCommand('inspect', 'iris', '--models', samples);
    for (const line of [
      /^producer +skl2onnx/m,
      /^opset +.*ai\.onnx 17/m,
      /^input +X FP32\[N,4\]$/m,
      /^output +probabilities FP32\[N,3\]$/m,
      /^operators +.*ai\.onnx\.ml\.LinearClassifier × 1/m,
      /^parameters +23 \(92 B\)$/m,
      /^batchable +yes/m,
      /^shares runs +yes/m,
    ])
      expect(stdout).toMatch(line);
  });

  test('tells of a file, its external data counted', async () => {
    const { stdout } = await runCommand('inspect', file('external.onnx'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      producer: 'tensorgate-test',
      operators: { Add: 1 },
      parameters: 1,
      weightBytes: 4,
      externalData: ['weights.bin'],
      batchable: { possible: true },
      sharesRuns: { isOn: true, whyNot: '' },
      estimatedMemoryBytes: 30_000_009,
    });
  });

  test.each([
    ['irs', `no model 'irs' in ${samples}; did you mean 'iris'?`],
    ['none.onnx', 'there is no file none.onnx'],
    [join(samples, 'iris'), `${join(samples, 'iris')} is a folder: expected an ONNX file, or the name of a model`],
  ])('refuses %s', (target, message) => expectFailure(['inspect', target, '--models', samples], message));
});
