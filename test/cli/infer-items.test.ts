import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';
import { type StartedServer, startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(120_000);

/** Knows two texts by their scores, under the name that infer requests have for items too. */
function textsModel(): Uint8Array {
  const attributes = { keys_strings: ['{"no": JSON', 'abc'], values_floats: { floats: [7, 8] } };
  return buildOnnx({
    inputs: [{ name: 'text', datatype: 'BYTES', shape: ['N', 1] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
    nodes: [{ op: 'LabelEncoder', domain: 'ai.onnx.ml', inputs: ['text'], outputs: ['y'], attributes }],
  });
}

/** Three bytes of a file are the scores of three classes. */
function bytesModel(): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'x', datatype: 'INT32', shape: ['N', 3] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 3] }],
    nodes: [{ op: 'Cast', inputs: ['x'], outputs: ['y'], attributes: { to: 1 } }],
  });
}

/** Gives back twelve columns. */
function columnsModel(): Uint8Array {
  const value = { datatype: 'FP32', shape: ['N', 12] } as const;
  return buildOnnx({
    inputs: [{ name: 'x', ...value }],
    outputs: [{ name: 'y', ...value }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
}

describe('infer with items', () => {
  let folder: string;
  let server: StartedServer;
  const file = (name: string) => join(folder, name);
  const store = async (name: string, model: Uint8Array, settings: object) => {
    await mkdir(file(`store/${name}/1`), { recursive: true });
    await writeFile(file(`store/${name}/1/model.onnx`), model);
    await writeFile(file(`store/${name}/model.json`), JSON.stringify(settings));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-items-'));
    await store('columns', columnsModel(), { task: 'tabular-regression' });
    await store('magic', bytesModel(), {
      task: {
        name: 'text-classification',
        preprocess: [{ bytes: { first: 3, last: 0 } }],
        postprocess: [{ topK: { k: 2 } }],
      },
    });
    await store('named', textsModel(), { task: { name: 'text-classification', postprocess: [{ topK: { k: 1 } }] } });

    for (const name of ['abc', 'bbc']) await writeFile(file(name), name);
    server = await startProcess(file('store'), '--log-level', 'error');
  });
  afterAll(async () => {
    await stopProcess(server);
    await rm(folder, { recursive: true });
  });

  test.each([
    ['magic', ['abc', '@bbc'], /^\S*abc:\nLABEL +SCORE\n2 +99\n1 +98\n\n@\S*bbc:\nLABEL +SCORE\n2 +99\n/],
    ['magic', ['abc', '--parameters', '{"top_k":1}'], /^LABEL +SCORE\n2 +99\n$/],
    ['named', ['{"no": JSON', '--json'], /"predictions":\[\[\{"label":"0","score":7\}\]\]/],
    ['named', ['@abc'], /^LABEL +SCORE\n0 +8\n$/],
    ['columns', ['[1,2,3,4,5,6,7,8,9,10,11,12]'], /^\[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 2 more\]\n$/],
  ])('asks %s by its task of %j, in process and by a server', async (model, items, expected) => {
    const words = items.map((word) => word.replace(/^(@?)([ab]bc)$/, (_all, at, name) => `${at}${file(name)}`));
    const asked = ['infer', model, ...words];
    const here = await runCommand(...asked, '--models', file('store'));
    const there = await runCommand(...asked, '--url', server.url);
    for (const { stdout, stderr } of [here, there])
      expect([stdout, stderr]).toEqual([expect.stringMatching(expected), '']);
  });

  test.each([
    ['magic', 'none.bin', 'there is no file none.bin'],
    ['columns', '1;2', "expected columns as JSON, such as '{\"age\": 31}', or [31, …] in order, got '1;2'"],
  ])('%s refuses %s', async (model, item, message) => {
    const { code, stderr } = await runCommand('infer', model, item, '--models', file('store'));
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error: ${message}`)]);
  });
});
