import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { noTimes } from '../../src/core/no-times.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { floatTensor } from '../fakes/float-tensor.ts';
import { GraphBuilder } from '../fakes/graph-builder.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';
import { serviceOver } from '../fakes/service-over.ts';

jest.setTimeout(60_000);

const s3 = new FakeS3();
let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-split-'));
  const graph = new GraphBuilder();
  let last = 'x';
  for (let layer = 1; layer <= 4; layer += 1) {
    last = graph.node('Tanh', [graph.node('MatMul', [last, graph.weight(16, 16)])], {}, layer === 4 ? 'y' : undefined);
  }
  const value = { datatype: 'FP32' as const, shape: ['N', 16] };
  const inputs = [{ name: 'x', ...value }];
  const outputs = [{ name: 'y', ...value }];
  const { nodes, initializers } = graph;
  await writeFile(file('deep.onnx'), buildOnnx({ inputs, outputs, nodes, initializers }));
  const samples = [1, 2, 3].map((scale) => JSON.stringify({ inputs: { x: Array(16).fill(scale / 4) } }));
  await writeFile(file('samples.jsonl'), samples.join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

const split = (...words: string[]) => runCommand('split', ...words, '--models', file('repository'));

test('a model in stages, and an ensemble that answers as it does', async () => {
  const words = [file('deep.onnx'), '--stages', '3', '--name', 'deep', '--samples', file('samples.jsonl'), '--json'];
  const { code, stdout, stderr } = await split(...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({
    report: { findings: [], samples: 3, outputs: { y: { largest: 0 } }, latency: { ms: expect.any(Number) } },
    stored: [1, 2, 3].map((stage) => ({ model: `deep-${stage}`, version: '1' })),
  });
  const manifest = JSON.parse(await readFile(file('repository/deep-2/1/manifest.json'), 'utf8'));
  expect(manifest.made).toMatchObject({
    by: 'split',
    source: { name: file('deep.onnx'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    samples: { count: 3 },
  });
  // The same bytes each time.
  expect((await split(...words.with(4, 'again'))).code).toBe(0);
  const again = JSON.parse(await readFile(file('repository/again-2/1/manifest.json'), 'utf8'));
  expect(again.files).toEqual(manifest.files);

  const taken = await split(...words.with(4, 'again@1').slice(0, -1));
  expect(taken).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining("'again-1' version 1 exists") });
  // Cut again, the stages are further versions, which the ensemble names.
  expect(JSON.parse((await split(...words)).stdout).stored[2]).toEqual({ model: 'deep-3', version: '2' });
  await runCommand('push', file('deep.onnx'), '--name', 'uncut', '--models', file('repository'));

  const { dataPlane, refresh } = serviceOver(file('repository'));
  await refresh();
  const x = {
    name: 'x',
    ...floatTensor(
      [2, 16],
      Array.from({ length: 32 }, (_value, place) => place / 16 - 1),
    ),
  };
  const signal = () => new AbortController().signal;
  const answers = [];
  for (const name of ['deep', 'uncut']) {
    const context = { times: noTimes(), checkDeadline: () => undefined, signal, checkOutput: () => undefined };
    const version = dataPlane.repository.resolve(name, undefined);
    answers.push((await dataPlane.infer(version, { parameters: {}, inputs: [x] }, context)).outputs);
  }
  expect(answers[0]).toEqual(answers[1]);
  expect(answers[0]).toMatchObject([{ name: 'y', shape: [2, 16] }]);
});

test('stages have run together, and nothing is said of sizes that one alone is not of', async () => {
  const graph = new GraphBuilder();
  graph.node('MatMul', [graph.node('MatMul', ['x', graph.weight(16, 16)]), graph.weight(16, 16)], {}, 'y');
  const value = (name: string) => ({ name, datatype: 'FP32' as const, shape: ['N', 'M'] });
  const { nodes, initializers } = graph;
  const deep = buildOnnx({ inputs: [value('x')], outputs: [value('y')], nodes, initializers });
  await mkdir(file('repository/free/1'), { recursive: true });
  await writeFile(file('repository/free/1/model.onnx'), deep);
  await writeFile(file('repository/free/model.json'), JSON.stringify({ warmupShapes: { x: [1, 16] } }));
  const { code, stdout, stderr } = await split(
    'free',
    '--stages',
    '2',
    '--name',
    'halves',
    '--samples',
    file('samples.jsonl'),
  );
  expect(code).toBe(0);
  expect(stderr).not.toContain('warning');
  expect(stdout).toContain("stored model 'halves-2' version 1");
});

test('in a bucket the ensemble is stored too, under the number asked for, with the servers of its stages', async () => {
  s3.put('root/deep/model.json', JSON.stringify({ load: 'first-use' }));
  const words = [file('deep.onnx'), '--stages', '2', '--name', 'deep@4', '--samples', file('samples.jsonl')];
  words.push('--servers', 'here,second', '--models', 's3://models/root');
  const { stdout } = await runCommand.within({ ...process.env, ...s3.environment }, 'split', ...words);
  expect(stdout).toMatch(/\nstored ensemble 'deep' in s3:\/\/models\/root\/deep\/model\.json\n$/);
  const stored = JSON.parse(String(s3.objects.get('root/deep/model.json')?.body));
  expect(stored).toMatchObject({ load: 'first-use', inputs: ['x'], outputs: ['y'] });
  expect(stored.steps).toMatchObject([
    { model: 'deep-1', version: '4' },
    { model: 'deep-2', version: '4', server: 'second' },
  ]);
  expect(stored.steps[0].server).toBeUndefined();
  for (const stage of [1, 2]) expect(s3.objects.has(`root/deep-${stage}/4/model.onnx`)).toBe(true);
});

test('what cannot be cut, or would hide a model, is refused', async () => {
  const many = await split(file('deep.onnx'), '--stages', '12', '--name', 'many');
  expect(many).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('cannot be cut into 12 stages: 8 of its nodes'),
  });
  await runCommand('push', file('deep.onnx'), '--name', 'whole', '--models', file('repository'));
  const hidden = await split('whole', '--stages', '2', '--name', 'whole');
  expect(hidden).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("model 'whole' has versions of its own (1)"),
  });
  expect((await split('whole', '--stages', '2', '--name', 'halves')).stdout).toContain("stored ensemble 'halves'");
});
