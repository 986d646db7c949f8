import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Datatype } from '../../src/protocol/datatype.ts';
import { shapelessModel, zipMapModel } from '../adapters/models.ts';
import { npy } from '../adapters/npy/npy.ts';
import { expectFailure } from '../fakes/expect-failure.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';
import { sampleModels } from '../fakes/sample-models.ts';
import { type StartedServer, startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(120_000);

let server: StartedServer;
const samples = sampleModels();
let folder: string;
const file = (name: string) => join(folder, name);
const store = async (name: string, model: Uint8Array) => {
  await mkdir(join(samples, name, '1'), { recursive: true });
  await writeFile(join(samples, name, '1/model.onnx'), model);
};

function identity(datatype: Datatype, shape: readonly (number | string)[]): Uint8Array {
  const value = { datatype, shape };
  return buildOnnx({
    inputs: [{ name: 'x', ...value }],
    outputs: [{ name: 'y', ...value }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-infer-'));
  await store('text', identity('BYTES', ['N', 1]));
  await store('long', identity('INT64', ['N']));
  await store('half', identity('FP16', ['N']));
  await writeFile(join(samples, 'long/aliases.json'), '{"production":1}');
  await store('any', buildOnnx(shapelessModel()));
  await store('maps', buildOnnx(zipMapModel(['cat', 'dog'])));
  server = await startProcess(samples, '--log-level', 'error');
});
afterAll(async () => {
  await stopProcess(server);
  await rm(folder, { recursive: true });
});

describe('infer', () => {
  const row = 'X=[5.1,3.5,1.4,0.2]';

  test('prints a table, of one row for one flat row', async () => {
    const { stdout } = await runCommand('infer', 'iris', '--models', samples, '--input', row);
    expect(stdout).toMatch(
      /^NAME +DATATYPE +SHAPE +VALUES\nlabel +INT64 +\[1\] +0\nprobabilities +FP32 +\[1,3\] +0\.98/,
    );
  });

  test('answers the same by a server as in process', async () => {
    const words = ['infer', 'iris@1', '--input', 'X=[[5.1,3.5,1.4,0.2],[6,3,5,2]]', '--json'];
    const [here, there] = await Promise.all([
      runCommand(...words, '--models', samples),
      runCommand(...words, '--url', server.url),
    ]);
    expect(there).toEqual(here);
    expect(JSON.parse(here.stdout).outputs[0]).toMatchObject({ name: 'label', shape: [2], data: [0, 2] });
  });

  test('reads .json and .npy files, and answers the outputs asked for', async () => {
    await writeFile(file('x.json'), '[[5.1,3.5,1.4,0.2]]');
    await writeFile(file('x.npy'), npy('<f4', '4,', new Uint8Array(Float32Array.of(5.1, 3.5, 1.4, 0.2).buffer)));
    const [json, array] = await Promise.all(
      ['json', 'npy'].map((type) => {
        const words = ['--input', `X=@${file(`x.${type}`)}`, '--output', 'label'];
        return runCommand('infer', 'iris', '--models', samples, ...words);
      }),
    );
    expect(json?.stdout).toMatch(/^NAME.*\nlabel +INT64 +\[1\] +0\n$/);
    expect(array).toEqual(json);
  });

  test.each([
    ['text', 'x=héllo, [you]', '"x":"BYTES":[1,1]:["héllo, [you]"]'],
    ['text', 'x=12', '"x":"BYTES":[1,1]:["12"]'],
    ['text', 'x=[["a"],["[b"]]', '"x":"BYTES":[2,1]:["a","[b"]'],
    ['long', 'x=9007199254740993', '"x":"INT64":[1]:[9007199254740993]'],
    ['long', 'x=[]', '"x":"INT64":[0]:[]'],
  ])('%s takes %s', async (model, input, expected) => {
    const words = ['infer', model, '--models', samples, '--input', input, '--json'];
    const [, datatype, shape, data] = /"x":"(.*)":(\[.*\]):(\[.*\])/.exec(expected) ?? [];
    expect((await runCommand(...words)).stdout).toContain(`"datatype":"${datatype}","shape":${shape},"data":${data}}`);
  });

  test('leaves out values past the tenth, and shows FP16', async () => {
    const words = ['infer', '--models', samples, '--input'];
    const long = await runCommand(...words, 'x=[1,2,3,4,5,6,7,8,9,10,11,12]', 'long@production');
    expect(long.stdout).toContain('[12]   1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 2 more');
    await writeFile(
      file('half.npy'),
      npy('<f2', '4,', new Uint8Array(Uint16Array.of(0x3e00, 0xc000, 1, 0x7c00).buffer)),
    );
    expect((await runCommand(...words, `x=@${file('half.npy')}`, 'half')).stdout).toMatch(
      /1\.5, -2, 5\.96\S+e-8, "Infinity"/,
    );
  });

  test.each([
    [['irs'], `no model 'irs' in ${samples}; did you mean 'iris'?`],
    [['iris@7'], "model 'iris' has no version or alias '7'; it has 1"],
    [['iris'], "missing input: the model also takes 'X' (FP32 [-1,4])"],
    [
      ['iris', '--input', 'file=@x.jpg'],
      "the model has no input 'file'; its inputs are X. What its task takes has no name here: tensorgate infer <model> <a text",
    ],
    [['digits', 'x.jpg'], "model 'digits' has no task: name one in its model.json, or give its tensors, --input X=…"],
    [['iris', '--input', 'x=1'], "the model has no input 'x'; did you mean 'X'?"],
    [['iris', '--input', 'X=abc'], "input 'X': expected JSON such as [1,2], got 'abc'"],
    [['iris', '--input', 'X=[1,2,3]'], "input 'X': expected shape [-1,4] (-1: any size), got [1,3]"],
    [['iris', '--input', 'X=[[1,2],[3]]'], "input 'X': expected rows of one length"],
    [['iris', '--input', 'X=@x.csv'], "input 'X': expected @file.json or @file.npy, got '@x.csv'"],
    [['iris', '--input', 'X=@none.json'], 'there is no file none.json'],
    [['iris', '--input', row, '--output', 'lable'], "the model has no output 'lable'"],
    [['iris', '--url', 'http://127.0.0.1:1'], 'http://127.0.0.1:1/v2/models/iris cannot be reached: '],
  ])('%j is refused', (words, message) => expectFailure(['infer', '--models', samples, ...words], message));

  test.each([
    ['irs', [], `no model 'irs' in ${'URL'}; did you mean 'iris'?`],
    ['iris@7', [], "the server answers 404: model 'iris' has no version or alias '7'; it has 1"],
    ['iris', ['--input', 'X=[1,2,3]'], "the server answers 400: input 'X': expected shape [-1,4]"],
  ])('tells of a model %s %j that a server has not', (model, words, message) =>
    expectFailure(['infer', model, '--url', server.url, ...words], message.replace('URL', server.url)),
  );

  test('takes an address without a scheme, and any shape where the model says none', async () => {
    const words = ['infer', 'any', '--input', 'x=[[1,2],[3,4]]', '--json'];
    const there = await runCommand(...words, '--url', server.url.replace('http://', ''));
    expect(there).toMatchObject({ code: 0, stdout: expect.stringContaining('"shape":[2,2],"data":[1,2,3,4]') });
    expect(await runCommand(...words, '--models', samples)).toEqual(there);
    const metadata = await (await fetch(`${server.url}/v2/models/any`)).json();
    expect(metadata).toMatchObject({ inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }] });
  });

  test('says what to do where a .npy file holds another type, and where JSON cannot carry one', async () => {
    await writeFile(file('float64.npy'), npy('<f8', '4,', new Uint8Array(32)));
    await expectFailure(
      ['infer', 'iris', '--models', samples, '--input', `X=@${file('float64.npy')}`],
      "input 'X': expected FP32, got FP64: save the array with .astype(np.float32)",
    );
    await expectFailure(
      ['infer', 'half', '--models', samples, '--input', 'x=[1]'],
      "input 'x' is FP16, which JSON cannot carry: give it as x=@file.npy, an array of np.float16",
    );
  });

  test('shows what the values of a sequence of maps stand for', async () => {
    const { stdout } = await runCommand('infer', 'maps', '--models', samples, '--input', 'scores=[[1,2],[3,4]]');
    expect(stdout).toMatch(/probabilities +FP32 +\[2,2\] +cat: 1, dog: 2, cat: 3, dog: 4/);
  });
});
