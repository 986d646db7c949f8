import { cp, mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Datatype } from '../../src/protocol/datatype.ts';
import { sequenceModel, shapelessModel, zipMapModel } from '../adapters/models.ts';
import { npy } from '../adapters/npy/npy.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCli } from '../fakes/run-cli.ts';
import { type StartedServer, startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(120_000);

let folder: string;
let server: StartedServer;

function identity(datatype: Datatype, shape: readonly (number | string)[]): Uint8Array {
  const value = { datatype, shape };
  return buildOnnx({
    inputs: [{ name: 'x', ...value }],
    outputs: [{ name: 'y', ...value }],
    nodes: [{ op: 'Identity', inputs: ['x'], outputs: ['y'] }],
  });
}

/** Adds 1 from a file beside the model. */
function external(location: string): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N'] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
    initializers: [{ name: 'w', datatype: 'FP32', shape: [1], data: { location } }],
    nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
  });
}

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

const file = (name: string) => join(folder, name);
const store = async (name: string, model: Uint8Array) => {
  await mkdir(file(`store/${name}/1`), { recursive: true });
  await writeFile(file(`store/${name}/1/model.onnx`), model);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-cli-'));
  await cp('models', file('store'), { recursive: true });
  await store('text', identity('BYTES', ['N', 1]));
  await store('long', identity('INT64', ['N']));
  await store('half', identity('FP16', ['N']));
  await writeFile(file('store/long/aliases.json'), '{"production":1}');
  await store('any', buildOnnx(shapelessModel()));
  await store('maps', buildOnnx(zipMapModel(['cat', 'dog'])));
  await writeFile(file('external.onnx'), external('weights.bin'));
  await writeFile(file('weights.bin'), new Uint8Array(Float32Array.of(1).buffer));
  await writeFile(file('lost.onnx'), external('lost.bin'));
  await writeFile(file('sequence.onnx'), buildOnnx(sequenceModel()));
  await writeFile(file('free.onnx'), rowsOfFour('N'));
  await writeFile(file('empty.onnx'), '');
  await writeFile(file('noise.onnx'), Uint8Array.of(0x3a, 0xff));
  server = await startProcess(file('store'), '--log-level', 'error');
});
afterAll(async () => {
  await stopProcess(server);
  await rm(folder, { recursive: true });
});

/** Expects a failure with `message` on stderr, and nothing of a stack. */
async function fails(words: readonly string[], message: string, code = 1): Promise<void> {
  const result = await runCli(...words);
  expect(result.stderr).toContain(`error: ${message}`);
  expect(result.stderr).not.toContain('    at ');
  expect(result.code).toBe(code);
}

describe('usage', () => {
  test.each([
    [['modls'], "unknown command 'modls'\n(Did you mean models?)"],
    [['infer', 'iris', '--inpt', 'X=1'], "unknown option '--inpt'\n(Did you mean --input?)"],
    [['push', 'a.onnx'], "required option '--name <name>' not specified"],
    [['push', 'a.onnx', '--name', 'a', '--version', '0'], "option '--version <number>' argument '0' is invalid"],
  ])('%j is an error of usage', (words, message) => fails(words, message, 2));
});

describe('push', () => {
  test('stores a model with its external data, as the next version, in a repository that it makes', async () => {
    const words = ['push', file('external.onnx'), '--name', 'pushed', '--models', file('new/store')];
    expect(await runCli(...words, '--version', '4')).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await runCli(...words);
    expect(stdout).toBe(`stored model 'pushed' version 5 in ${file('new/store/pushed/5')}\n`);
    expect((await readdir(file('new/store/pushed/5'))).sort()).toEqual(['manifest.json', 'model.onnx', 'weights.bin']);
    await fails([...words, '--version', '4'], "model 'pushed' version 4 exists already");
  });

  test('stores the texts that belong to a model beside it', async () => {
    const texts = { 'labels.txt': 'a\nb\n', 'config.json': '{"architectures": ["BertForMaskedLM"]}', 'notes.md': '' };
    for (const [name, content] of Object.entries(texts)) await writeFile(file(name), content);
    const store = ['--name', 'texts', '--models', file('new/store')];
    const { stdout } = await runCli('push', file('external.onnx'), file('labels.txt'), file('config.json'), ...store);
    expect(stdout).toBe(
      `stored model 'texts' version 1 in ${file('new/store/texts/1')}\nby its files: no task: config.json names BertForMaskedLM, for which there is none\n`,
    );
    const stored = await readdir(file('new/store/texts/1'));
    expect(stored.sort()).toEqual(['config.json', 'labels.txt', 'manifest.json', 'model.onnx', 'weights.bin']);
    await fails(
      ['push', file('external.onnx'), file('notes.md'), ...store],
      `${file('notes.md')}: beside a model go texts`,
    );
    await fails(['push', file('external.onnx'), file('external.onnx'), ...store], 'expected one ONNX file, got ');
    await fails(['push', file('labels.txt'), file('config.json'), ...store], 'expected one ONNX file, got none');
    await fails(
      ['push', file('external.onnx'), file('model.json'), ...store],
      `${file('model.json')} is of all versions of the model`,
    );
    await fails(['push', file('external.onnx'), file('none.txt'), ...store], `there is no file ${file('none.txt')}`);
    await writeFile(file('large.txt'), '');
    await truncate(file('large.txt'), 64 * 1024 * 1024 + 1);
    await fails(
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
    expect(await runCli(...words)).toMatchObject({ code: 0, stderr: '' });
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
    await fails(
      words,
      `${file('repository')}: expected model.onnx or onnx/model.onnx, got onnx/model_q4.onnx; push the one that you want`,
    );
    await fails([...words, file('labels.txt')], `${file('repository')} is a folder: push it alone, or files`);
  });

  // The runtime reports a guess that breaks within an operator as a failure (500), not as a refusal of inputs (400).
  test('warns where zeros of a guessed size fail, and stores the model', async () => {
    const words = ['push', file('free.onnx'), '--name', 'free', '--models', file('new/store')];
    const { code, stderr, stdout } = await runCli(...words);
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
    const { code, stderr } = await runCli('push', file(name), '--name', 'bad', '--models', file('bad'));
    expect(stderr).toContain(message);
    expect(code).toBe(1);
    expect(await readdir(folder)).not.toContain('bad');
  });
});

describe('infer', () => {
  const row = 'X=[5.1,3.5,1.4,0.2]';

  test('prints a table, of one row for one flat row', async () => {
    const { stdout } = await runCli('infer', 'iris', '--input', row);
    expect(stdout).toMatch(
      /^NAME +DATATYPE +SHAPE +VALUES\nlabel +INT64 +\[1\] +0\nprobabilities +FP32 +\[1,3\] +0\.98/,
    );
  });

  test('answers the same by a server as in process', async () => {
    const words = ['infer', 'iris', '--input', 'X=[[5.1,3.5,1.4,0.2],[6,3,5,2]]', '--json', '--version', '1'];
    const [here, there] = await Promise.all([runCli(...words), runCli(...words, '--url', server.url)]);
    expect(there).toEqual(here);
    expect(JSON.parse(here.stdout).outputs[0]).toMatchObject({ name: 'label', shape: [2], data: [0, 2] });
  });

  test('reads .json and .npy files, and answers the outputs asked for', async () => {
    await writeFile(file('x.json'), '[[5.1,3.5,1.4,0.2]]');
    await writeFile(file('x.npy'), npy('<f4', '4,', new Uint8Array(Float32Array.of(5.1, 3.5, 1.4, 0.2).buffer)));
    const [json, array] = await Promise.all(
      ['json', 'npy'].map((type) => runCli('infer', 'iris', '--input', `X=@${file(`x.${type}`)}`, '--output', 'label')),
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
    const words = ['infer', model, '--models', file('store'), '--input', input, '--json'];
    const [, datatype, shape, data] = /"x":"(.*)":(\[.*\]):(\[.*\])/.exec(expected) ?? [];
    expect((await runCli(...words)).stdout).toContain(`"datatype":"${datatype}","shape":${shape},"data":${data}}`);
  });

  test('leaves out values past the tenth, and shows FP16', async () => {
    const words = ['infer', '--models', file('store'), '--input'];
    const long = await runCli(...words, 'x=[1,2,3,4,5,6,7,8,9,10,11,12]', 'long', '--version', 'production');
    expect(long.stdout).toContain('[12]   1, 2, 3, 4, 5, 6, 7, 8, 9, 10, … 2 more');
    await writeFile(
      file('half.npy'),
      npy('<f2', '4,', new Uint8Array(Uint16Array.of(0x3e00, 0xc000, 1, 0x7c00).buffer)),
    );
    expect((await runCli(...words, `x=@${file('half.npy')}`, 'half')).stdout).toMatch(
      /1\.5, -2, 5\.96\S+e-8, "Infinity"/,
    );
  });

  test.each([
    [['irs'], "no model 'irs' in ./models; did you mean 'iris'?"],
    [['iris', '--version', '7'], "model 'iris' has no version or alias '7'; it has 1"],
    [['iris'], "missing input: the model also takes 'X' (FP32 [-1,4])"],
    [
      ['iris', '--input', 'file=@x.jpg'],
      "the model has no input 'file'; its inputs are X. What its task takes has no name here: tensorgate infer <model> <a text",
    ],
    [['iris', 'x.jpg'], "model 'iris' has no task: name one in its model.json, or give its tensors, --input X=…"],
    [
      ['iris', 'x.jpg', '--input', row],
      "expected items for the model's task, or --input and --output, got 'x.jpg' and",
    ],
    [['iris', 'x.jpg', '--parameters', 'top'], '--parameters top: expected JSON such as'],
    [['iris', '--input', row, '--parameters', '{}'], '--parameters are of items for the task of the model'],
    [['iris', '--input', 'x=1'], "the model has no input 'x'; did you mean 'X'?"],
    [['iris', '--input', 'X=abc'], "input 'X': expected JSON such as [1,2], got 'abc'"],
    [['iris', '--input', 'X=[1,2,3]'], "input 'X': expected shape [-1,4] (-1: any size), got [1,3]"],
    [['iris', '--input', 'X=[[1,2],[3]]'], "input 'X': expected rows of one length"],
    [['iris', '--input', 'X=@x.csv'], "input 'X': expected @file.json or @file.npy, got '@x.csv'"],
    [['iris', '--input', 'X=@none.json'], 'there is no file none.json'],
    [['iris', '--input', row, '--output', 'lable'], "the model has no output 'lable'"],
    [['iris', '--url', 'http://127.0.0.1:1'], 'http://127.0.0.1:1/v2/models/iris cannot be reached: '],
  ])('%j is refused', (words, message) => fails(['infer', ...words], message));

  test.each([
    ['irs', [], `no model 'irs' in ${'URL'}; did you mean 'iris'?`],
    ['iris', ['--version', '7'], "the server answers 404: model 'iris' has no version or alias '7'; it has 1"],
    ['iris', ['--input', 'X=[1,2,3]'], "the server answers 400: input 'X': expected shape [-1,4]"],
  ])('tells of a model %s %j that a server has not', (model, words, message) =>
    fails(['infer', model, '--url', server.url, ...words], message.replace('URL', server.url)),
  );

  test('takes an address without a scheme, and any shape where the model says none', async () => {
    const words = ['infer', 'any', '--input', 'x=[[1,2],[3,4]]', '--json'];
    const there = await runCli(...words, '--url', server.url.replace('http://', ''));
    expect(there).toMatchObject({ code: 0, stdout: expect.stringContaining('"shape":[2,2],"data":[1,2,3,4]') });
    expect(await runCli(...words, '--models', file('store'))).toEqual(there);
    const metadata = await (await fetch(`${server.url}/v2/models/any`)).json();
    expect(metadata).toMatchObject({ inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }] });
  });

  test('says what to do where a .npy file holds another type, and where JSON cannot carry one', async () => {
    await writeFile(file('float64.npy'), npy('<f8', '4,', new Uint8Array(32)));
    await fails(
      ['infer', 'iris', '--input', `X=@${file('float64.npy')}`],
      "input 'X': expected FP32, got FP64: save the array with .astype(np.float32)",
    );
    await fails(
      ['infer', 'half', '--models', file('store'), '--input', 'x=[1]'],
      "input 'x' is FP16, which JSON cannot carry: give it as x=@file.npy, an array of np.float16",
    );
  });

  test('shows what the values of a sequence of maps stand for', async () => {
    const { stdout } = await runCli('infer', 'maps', '--models', file('store'), '--input', 'scores=[[1,2],[3,4]]');
    expect(stdout).toMatch(/probabilities +FP32 +\[2,2\] +cat: 1, dog: 2, cat: 3, dog: 4/);
  });
});

describe('inspect', () => {
  test('tells what a model of the repository is', async () => {
    const { stdout } = await runCli('inspect', 'iris');
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
    const { stdout } = await runCli('inspect', file('external.onnx'), '--json');
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
    ['irs', "no model 'irs' in ./models; did you mean 'iris'?"],
    ['none.onnx', 'there is no file none.onnx'],
  ])('refuses %s', (target, message) => fails(['inspect', target], message));
});
