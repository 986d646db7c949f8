import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { listStoredModels } from '../../cli/list-stored-models.ts';
import { openModelStore } from '../../src/adapters/open-model-store.ts';
import { sameStore } from '../../src/adapters/same-store.ts';
import type { ModelStore } from '../../src/ports/model-store.ts';
import { gatherModel, identityModel } from '../adapters/models.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';
import { sampleModels } from '../fakes/sample-models.ts';
import { startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(60_000);

const samples = sampleModels();
const whole = buildOnnx(identityModel('FP32'));
let folder: string;

async function put(name: string, files: Record<string, string | Uint8Array>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(folder, name, file, '..'), { recursive: true });
    await writeFile(join(folder, name, file), content);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-models-'));
  const outside = {
    ...gatherModel(),
    initializers: [{ name: 'table', datatype: 'FP32' as const, shape: [4], data: { location: '../w.bin' } }],
  };
  await put('fine', { '1/model.onnx': whole, '2/model.onnx': whole, 'aliases.json': '{"production":2,"next":2}' });
  await put('empty', { '1/model.onnx': '' });
  await put('noise', { '1/model.onnx': Uint8Array.of(0x3a, 0xff) });
  await put('cut', { '1/model.onnx': whole.subarray(0, whole.length / 2) });
  await put('outside', { '1/model.onnx': buildOnnx(outside) });
  await put('settings', { '1/model.onnx': whole, 'model.json': '{"pined":true}' });
  await put('loose', { 'model.onnx': whole });
  await put('odd', { '1/mnist.onnx': whole, '2/model.onnx': whole });
  await put('both', { 'v1/model.onnx': whole, 'model.json': '{"pined":true}' });
  await put('policy', { '1/model.onnx': whole, 'model.json': '{"versionPolicy":{"specific":[7]}}' });
});
afterAll(() => rm(folder, { recursive: true }));

describe('models', () => {
  test('tells the state of each version from its files, and why it cannot be served', async () => {
    const { stdout } = await runCommand('models', '--models', folder);
    for (const line of [
      /^NAME +VERSION +STATE +ALIASES +REASON$/m,
      /^fine +1 +WHOLE +- +the version policy chooses others$/m,
      /^fine +2 +WHOLE +production, next$/m,
      /^empty +1 +UNAVAILABLE +- +model\.onnx is empty$/m,
      /^noise +1 +UNAVAILABLE +- +model\.onnx is not an ONNX file, or a damaged one \(/m,
      /^cut +1 +UNAVAILABLE +- +model\.onnx is not an ONNX file, or a damaged one \(/m,
      /^outside +1 +UNAVAILABLE +- +it names external data '\.\.\/w\.bin' outside its folder/m,
      /^settings +1 +UNAVAILABLE +- +model\.json: unknown key 'pined'; did you mean 'pinned'\?$/m,
      /^loose +- +UNAVAILABLE +- +'loose\/model\.onnx' lies in no version's folder: expected 'loose\/1\/model\.onnx'/m,
      /^odd +2 +WHOLE +-$/m,
      /^odd +- +UNAVAILABLE +- +'odd\/1' has 'mnist\.onnx': expected the name 'model\.onnx'$/m,
      /^both +- +UNAVAILABLE +- +model\.json: unknown key 'pined'; did you mean 'pinned'\?$/m,
      /^both +- +UNAVAILABLE +- +'both\/v1' is no version: expected a whole number/m,
      /^policy +1 +UNAVAILABLE +- +its version policy serves none of the versions that there are$/m,
    ])
      expect(stdout).toMatch(line);
  });

  test('holds few of the versions that it fetches, and none afterwards', async () => {
    const many = join(folder, 'many');
    for (let version = 1; version <= 20; version += 1)
      await put(join('many', 'm'), { [`${version}/model.onnx`]: whole });
    const store = openModelStore(many);
    let [held, most] = [0, 0];
    const watched: ModelStore = {
      ...sameStore(store),
      fetch: async (name, version) => {
        held += 1;
        most = Math.max(most, held);
        const release = () => {
          held -= 1;
        };
        return { ...(await store.fetch(name, version)), release };
      },
    };
    expect(await listStoredModels(watched)).toHaveLength(20);
    expect({ held, most }).toEqual({ held: 0, most: 4 });
    await rm(many, { recursive: true });
  });

  test('prints the same as JSON', async () => {
    const { stdout } = await runCommand('models', '--models', samples, '--json');
    expect(JSON.parse(stdout)).toContainEqual({ name: 'iris', version: '1', state: 'WHOLE', reason: '', aliases: [] });
  });

  test('asks a server for the states', async () => {
    const server = await startProcess(folder, '--log-level', 'silent');
    try {
      const { stdout } = await runCommand('models', '--url', server.url);
      expect(stdout).toMatch(/^NAME +VERSION +STATE +REASON$/m);
      expect(stdout).toMatch(/^fine +2 +READY$/m);
      expect(stdout).toMatch(/^empty +1 +UNAVAILABLE +model\.onnx is empty$/m);
      expect(stdout).toMatch(
        /^policy +- +UNAVAILABLE +model 'policy': its version policy serves none of the versions that there are$/m,
      );
      const json = JSON.parse((await runCommand('models', '--json', '--url', server.url)).stdout);
      expect(json).toContainEqual({ name: 'fine', version: '2', state: 'READY', reason: '' });
    } finally {
      await stopProcess(server);
    }
  });

  test.each([
    [['--models', 'none'], 'none: expected a folder with <model>/<version>/model.onnx, which tensorgate push makes'],
    [['--url', '127.0.0.1:1'], 'error: http://127.0.0.1:1/v2/repository/index cannot be reached: '],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await runCommand('models', ...words);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });
});
