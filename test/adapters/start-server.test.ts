import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import { warnOfMissing } from '../../src/adapters/warn-of-missing.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { serverOptions } from '../fakes/server-options.ts';
import { identityModel } from './models.ts';

describe('startServer', () => {
  let folder: string;
  let server: RunningServer | undefined;
  const model = buildOnnx(identityModel('FP32'));
  const start = async (models = folder) => {
    server = await startServer({ ...serverOptions, models, watch: true });
  };
  const write = async (path: string, content: string | Uint8Array) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const call = async (path: string, body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${server?.url}/v2/${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  /** The reasons in the index, once one of them has `text`. */
  const reasonWith = async (text: string) => {
    for (let wait = 0; wait < 100; wait += 1) {
      const entries = (await call('repository/index', {})).body as { version: string; reason: string }[];
      const found = entries.find(({ reason }) => reason.includes(text));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the index never said '${text}'`);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-'));
  });
  afterEach(async () => {
    const repository = server?.dataPlane.repository;
    await server?.close(0);
    for (const name of repository?.names() ?? []) await repository?.unload(name);
    server = undefined;
    await rm(folder, { recursive: true });
  });

  test('rejects where the model repository cannot be read', async () => {
    await expect(start(join(folder, 'none'))).rejects.toThrow(
      /^there is no model repository at .*none: expected a folder/,
    );
  });

  test('without a model it runs, and is not ready', async () => {
    await start();
    expect(await call('health/ready')).toEqual({
      status: 503,
      body: { error: 'not ready: there is no model to serve' },
    });
  });

  test('tells of its load from when its models are loaded: before that nobody asks, and it is not idle', async () => {
    await write('m/1/model.onnx', model);
    const intervals = jest.spyOn(globalThis, 'setInterval');
    const reports = () => intervals.mock.calls.filter(([, ms]) => ms === 47_000).length;
    const seen: number[] = [];
    const options = { ...serverOptions, models: folder, reportSeconds: 47, onListening: () => seen.push(reports()) };
    server = await startServer(options);
    seen.push(reports());
    intervals.mockRestore();
    expect(seen).toEqual([0, 1]);
  });

  test('models that it is to serve and has not are in the log, by name', () => {
    const warned: unknown[] = [];
    const warn = (fields: object, message: string) => warned.push([fields, message]);
    const told = (names: readonly string[], only?: readonly string[]) =>
      warnOfMissing({ warn }, { models: 'm', only }, names);
    told(['one'], ['one', 'tow']);
    told([]);
    told(['one'], ['one']);
    told(['one']);
    expect(warned).toEqual([
      [{ missing: ['tow'] }, '--only names models that m has not; tensorgate push adds them'],
      [{}, 'no models in m; tensorgate push adds one'],
    ]);
  });

  test('a broken new version, or a slip in the settings, takes nothing out of service', async () => {
    await write('m/1/model.onnx', model);
    await start();
    expect((await call('models/n')).body).toMatchObject({
      error: expect.stringContaining("there is no model 'n'; GET"),
    });
    await write('m/2/model.onnx', model.subarray(0, model.length / 2));
    expect(await reasonWith('damaged')).toMatchObject({
      version: '2',
      state: 'UNAVAILABLE',
      reason: 'model.onnx is not an ONNX file, or a damaged one (a field is longer than what holds it)',
    });
    await write('m/aliases.json', '{"production": 1');
    expect(await reasonWith('aliases.json: not JSON')).toMatchObject({ version: '1', state: 'READY' });

    expect((await call('health/ready')).status).toBe(200);
    expect(await call('models/m')).toMatchObject({ status: 200, body: { versions: ['1'] } });
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [3] }];
    expect(await call('models/m/infer', { inputs })).toMatchObject({ status: 200, body: { model_version: '1' } });
    expect(await call('models/m/versions/2/ready')).toMatchObject({ status: 503 });
  });

  test('a model that loads on first use is ready, and in the index as what it is', async () => {
    await write('m/1/model.onnx', model);
    await write('m/model.json', '{"load": "first-use"}');
    await start();
    expect(await call('models/m/ready')).toEqual({ status: 200, body: { name: 'm', ready: true } });
    expect(await call('repository/index', { ready: true })).toEqual({
      status: 200,
      body: [{ name: 'm', version: '1', state: 'UNAVAILABLE', reason: 'loads when it is first asked for' }],
    });
  });
});
