import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { optimizeTarget } from '../../cli/optimize-target.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { GraphBuilder } from '../fakes/graph-builder.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';
import { wordTokenizer } from '../fakes/word-tokenizer.ts';

jest.setTimeout(120_000);

let folder: string;
const file = (name: string) => join(folder, name);
const columns = 512;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-optimize-'));
  const value = (name: string, size: number) => ({ name, datatype: 'FP32' as const, shape: ['N', size] });
  const write = (name: string, width: number) => {
    const graph = new GraphBuilder();
    const hidden = graph.node('Relu', [graph.node('MatMul', ['x', graph.weight(columns, width)])]);
    const scores = graph.node('MatMul', [hidden, graph.weight(width, 3)]);
    graph.node('Softmax', [scores], { axis: 1 }, 'y');
    const inputs = [value('x', columns)];
    const outputs = [value('y', 3)];
    return writeFile(file(name), buildOnnx({ inputs, outputs, nodes: graph.nodes, initializers: graph.initializers }));
  };
  await write('wide.onnx', 1024);
  await write('middle.onnx', 600);
  await write('small.onnx', 8);
  // A megabyte that no product takes.
  const offsets = new GraphBuilder();
  offsets.node('Add', ['x', offsets.weight(512, columns)], {}, 'y');
  const { nodes, initializers } = offsets;
  const graph = { inputs: [value('x', columns)], outputs: [value('y', columns)], nodes, initializers };
  await writeFile(file('offsets.onnx'), buildOnnx(graph));
  const random = seededRandom(3);
  const samples = Array.from({ length: 40 }, () => {
    const x = Array.from({ length: columns }, () => Number((2 * random() - 1).toFixed(3)));
    return JSON.stringify({ inputs: { x } });
  });
  await writeFile(file('samples.jsonl'), samples.join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

function optimize(model: string, ...words: string[]) {
  const more = ['--models', file('repository'), '--svg', file('front.svg')];
  return runCommand('optimize', file(model), '--name', 'm', ...words, ...more);
}

const samples = () => ['--samples', file('samples.jsonl')];
/** What is quicker depends on what else the machine does. */
const whateverTime = ['--latency-ratio', '0'];

test('the best candidate becomes a version that says how it was made', async () => {
  // Weights of 7 bits are a candidate for it on each machine: products of 8 overflow on some.
  const fixed = 'static-int8-99.99-w7';
  const words = [
    ...samples(),
    ...whateverTime,
    '--target',
    'lambda-x86',
    '--only',
    'int8-level0',
    'fp16-storage',
    fixed,
  ];
  const { code, stdout, stderr } = await optimize('wide.onnx', ...words, '--json');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).toMatch(
    /times and answers are those of this machine \(.*\), (not on x64|and lambda-x86 does not say .*): measure/,
  );
  const told = JSON.parse(stdout);
  expect(told.trials.map(({ name }: { name: string }) => name)).toEqual([fixed, 'int8-level0', 'fp16-storage']);
  for (const { report, bytes } of told.trials) {
    expect(report).toMatchObject({ findings: [], samples: 40, latency: { ms: expect.any(Number) } });
    expect(report.outputs.y.agreement.share).toBeGreaterThanOrEqual(0.985);
    expect(bytes).toBeLessThan(told.sourceBytes * 0.52);
  }
  const manifest = JSON.parse(await readFile(file('repository/m/1/manifest.json'), 'utf8'));
  expect(manifest.made).toMatchObject({
    by: 'optimize',
    source: { name: file('wide.onnx'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    passes: told.trials.find(({ name }: { name: string }) => name === told.chosen).passes,
    samples: { count: 40 },
    measuredOn: expect.stringMatching(/^(x64, .*VNNI|arm64, )/),
  });
  expect(manifest.made.unverified).toBeUndefined();
  expect(Object.keys(manifest.files)).toEqual(['model.onnx', 'samples.jsonl']);
  expect(await readFile(file('front.svg'), 'utf8')).toContain('>fp16-storage<');
  // Its own answers are what promote asks it for.
  const promoted = await runCommand('promote', 'm@1', '--models', file('repository'));
  expect(promoted).toMatchObject({ code: 0, stderr: expect.stringContaining('16 samples answered as expected') });
});

test('pruned forms are tried when asked, with the head fitted to samples that judge nothing', async () => {
  const names = ['neurons-0.05', 'neurons-0.05-dynamic-int8-w7', 'heads-0.05'];
  const words = [...samples(), ...whateverTime, '--target', 'lambda-x86', '--prune', '0.05', '--only', ...names];
  const { code, stdout, stderr } = await optimize('wide.onnx', ...words, '--name', 'pruned', '--json');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).toContain('heads-0.05 is not tried: there is nothing that it could do');
  const { trials, sourceBytes } = JSON.parse(stdout);
  expect(trials.map(({ name }: { name: string }) => name)).toEqual(names.slice(0, 2));
  for (const { report, passes, bytes } of trials) {
    expect(report).toMatchObject({ findings: [], samples: 20 });
    expect(passes.slice(0, 2)).toEqual([
      '0.05 of the hidden neurons of each layer cut out',
      "softmax head fitted anew to the source's shares of 20 samples, seed 1",
    ]);
    expect(bytes).toBeLessThan(0.97 * sourceBytes);
  }
  const { made } = JSON.parse(await readFile(file('repository/pruned/1/manifest.json'), 'utf8'));
  expect(made).toMatchObject({ by: 'optimize', samples: { count: 20 } });
  expect(await optimize('wide.onnx', '--prune', '0.05')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining(
      '--prune fits heads to some samples, and judges by others: give --samples or --texts',
    ),
  });
});

test('equal inputs give equal bytes, under the number asked for', async () => {
  const digests = [];
  for (const name of ['once', 'twice']) {
    const words = [...samples(), ...whateverTime, '--only', 'int8-level4', '--name', `${name}@7`];
    expect((await optimize('middle.onnx', ...words)).code).toBe(0);
    digests.push(JSON.parse(await readFile(file(`repository/${name}/7/manifest.json`), 'utf8')).files['model.onnx']);
  }
  expect(digests[0]).toEqual(digests[1]);
  // Said before all the work, not after it.
  for (const [name, problem] of [
    ['once@7', "model 'once' version 7 exists already"],
    ['a/b', "'a/b' is no model name"],
  ] as const) {
    const { code, stdout, stderr } = await optimize('middle.onnx', ...samples(), '--name', name);
    expect({ failed: code !== 0, stdout, stderr }).toEqual({
      failed: true,
      stdout: '',
      stderr: expect.stringContaining(problem),
    });
  }
});

test('nothing is stored where no candidate is worth it', async () => {
  const words = [...samples(), '--latency-ratio', '0.0001', '--only', 'fp16-storage', '--name', 'none'];
  const { code, stdout, stderr } = await optimize('middle.onnx', ...words);
  expect(code).toBe(2);
  expect(stdout).toMatch(/fp16-storage .*refused: no-gain/);
  expect(stderr).toMatch(/gate: fp16-storage: no-gain: a run takes .*expected 0\.0001 at most/);
  expect(stderr).toContain('the gate lets no candidate pass: nothing was stored');
  await expect(readFile(file('repository/none/1/manifest.json'))).rejects.toThrow('ENOENT');
});

test('without samples it is refused, or marked for ever', async () => {
  const refused = await optimize('middle.onnx', '--name', 'blind');
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('gate: unverified: what') });
  const words = ['--unverified', '--only', 'fp16-storage', ...whateverTime, '--name', 'blind'];
  expect((await optimize('middle.onnx', ...words)).code).toBe(0);
  expect(await optimize('middle.onnx', ...words, '--task', 'labels.csv')).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('--task has a class for each of the samples'),
  });
  const shown = await runCommand('show', 'blind@1', '--models', file('repository'));
  expect(shown.stdout).toMatch(/unverified +it may have lost something, and no samples showed what/);
});

test('a small model stays as it is, and what is not there is said', async () => {
  const small = await optimize('small.onnx', ...samples());
  expect(small).toMatchObject({ code: 0, stdout: expect.stringContaining('stays as it is: its weights are ') });
  const nothing = await optimize('offsets.onnx', ...samples(), '--only', 'dynamic-int8', 'static-int8', 'int8-level0');
  expect(nothing.code).toBe(2);
  expect(nothing.stderr.match(/is not tried: there is nothing that it could do/g)?.length).toBe(3);
  await writeFile(file('broken.jsonl'), '{');
  const broken = await optimize('middle.onnx', '--samples', file('broken.jsonl'));
  expect(broken).toMatchObject({ code: 1, stderr: expect.stringContaining('broken.jsonl line 1: not JSON') });
  const unknown = await optimize('middle.onnx', ...samples(), '--only', 'int2');
  expect(unknown).toMatchObject({
    code: 64,
    stderr: expect.stringContaining(
      "--only: there is no candidate 'int2' for this target; there are static-int8, static-int8-99.99, ",
    ),
  });
  const elsewhere = await optimize(
    'middle.onnx',
    ...samples(),
    '--only',
    'fp16-storage',
    '--target',
    process.arch === 'arm64' ? 'lambda-x86' : 'lambda-arm',
  );
  expect(elsewhere).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('measure on the target before you promote'),
  });
});

test('a model of texts is judged by the texts of a file, as the tokenizer beside it reads them', async () => {
  const graph = new GraphBuilder();
  const vectors = graph.node('Gather', [graph.weight(10, columns), 'input_ids']);
  const mean = graph.node('ReduceMean', [vectors], { axes: [1], keepdims: 0 });
  const hidden = graph.node('Relu', [graph.node('MatMul', [mean, graph.weight(columns, 1024)])]);
  graph.node('Softmax', [graph.node('MatMul', [hidden, graph.weight(1024, 3)])], { axis: 1 }, 'y');
  const { nodes, initializers } = graph;
  const inputs = [{ name: 'input_ids', datatype: 'INT64' as const, shape: ['N', 'T'] }];
  const outputs = [{ name: 'y', datatype: 'FP32' as const, shape: ['N', 3] }];
  await mkdir(file('texts'));
  await writeFile(file('texts/model.onnx'), buildOnnx({ inputs, outputs, nodes, initializers }));
  await writeFile(file('texts/tokenizer.json'), JSON.stringify(wordTokenizer));
  await writeFile(file('texts.csv'), 'text,label\na b,0\nb,1\na a a,2\nb a b a b a,0\n');
  const words = ['--texts', file('texts.csv'), '--only', 'fp16-storage', ...whateverTime, '--name', 'texts', '--json'];
  const { code, stdout } = await optimize('texts', ...words);
  expect({ code, chosen: JSON.parse(stdout).chosen }).toEqual({ code: 0, chosen: 'fp16-storage' });
  const stored = (name: string) => readFile(file(`repository/texts/1/${name}`), 'utf8');
  const { made } = JSON.parse(await stored('manifest.json'));
  expect(made).toMatchObject({ samples: { count: 4 }, report: { samples: 4 } });
  expect(JSON.parse(await stored('tokenizer.json'))).toEqual(wordTokenizer);
  // What is longer than the tokenizer takes is cut.
  const rows = (await stored('samples.jsonl')).trim().split('\n');
  expect(rows.map((row) => JSON.parse(row).inputs.input_ids[0].length)).toEqual([4, 3, 5, 5]);
  expect(await optimize('texts', ...samples(), '--texts', file('texts.csv'))).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('give --texts or --samples'),
  });
  expect(await optimize('middle.onnx', '--texts', file('texts.csv'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no tokenizer.json beside'),
  });
});

test('what is for a GPU is measured on one where there is one; where there is none, on the processor or not at all', async () => {
  const gpu = ['--execution-providers', 'cuda'];
  expect(await optimize('middle.onnx', ...samples(), ...gpu)).toMatchObject({
    code: 64,
    stderr: expect.stringContaining('--execution-providers cuda measures on a GPU, and --target cpu is none'),
  });
  expect(await optimize('middle.onnx', ...samples(), ...gpu, '--target', 'gpu')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('it is to run on a GPU, and CUDA cannot be used'),
  });
  const either = ['--execution-providers', 'cuda,cpu', '--target', 'gpu', '--only', 'fp16-storage'];
  expect(await optimize('middle.onnx', ...samples(), ...either, ...whateverTime)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`measured on ${process.arch}`),
    stderr: expect.stringMatching(/note: it is measured on the processor: it is to run on a GPU.*not on a GPU/s),
  });
  expect(await optimizeTarget('gpu', true)).toMatchObject({ note: undefined, isElsewhere: false, isGpu: true });
  expect(await optimizeTarget('gpu')).toMatchObject({
    note: expect.stringContaining('not on a GPU'),
    isElsewhere: true,
  });
});
