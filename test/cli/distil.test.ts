import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { untilInterrupted } from '../../cli/until-interrupted.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCli } from '../fakes/run-cli.ts';
import { runCommand } from '../fakes/run-command.ts';
import { smallTransformer } from '../fakes/small-transformer.ts';

jest.setTimeout(120_000);

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-distil-'));
  await writeFile(file('vectors.onnx'), buildOnnx(smallTransformer({ layers: 4 })));
  const random = seededRandom(7);
  const lines = Array.from({ length: 200 }, (_line, place) => {
    const ids = Array.from({ length: 4 + (place % 3) }, () => Math.floor(20 * random()));
    return JSON.stringify({ inputs: { ids: [ids] } });
  });
  await writeFile(file('samples.jsonl'), lines.join('\n'));
  await writeFile(file('labels.csv'), ['label', ...lines.map((_line, place) => place % 3)].join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

const wordsOf = (...words: string[]) => [
  'distil',
  file('vectors.onnx'),
  ...['--name', 'student', '--samples', file('samples.jsonl'), '--models', file('repository'), '--json'],
  ...['--latency-ratio', '0', '--epochs', '8', '--learning-rate', '0.01', '--batch', '8'],
  ...words,
];
const distil = (...words: string[]) => runCommand(...wordsOf(...words));

test('a student learns what its teacher says, and is stored with how it was made; the same seed gives the same bytes', async () => {
  const { code, stdout, stderr } = await distil('--layers', '2', '--least-cosine', '0.1');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr).toMatch(/^layers 1, 4 of 4, which learn from 180 samples[\s\S]*\nstep \d+ of \d+, loss [\d.e-]+\n$/);
  const told = JSON.parse(stdout);
  expect(told.report).toMatchObject({ findings: [], samples: 20 });
  expect(told.bytes).toBeLessThan(0.7 * told.sourceBytes);
  const { losses } = told.training;
  expect(losses.at(-1).loss).toBeLessThan(losses[0].loss / 2);
  const manifest = async (version: number) =>
    JSON.parse(await readFile(file(`repository/student/${version}/manifest.json`), 'utf8'));
  const first = await manifest(1);
  expect(first.made).toMatchObject({
    by: 'distil',
    source: { name: file('vectors.onnx'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    passes: [
      'layers 1, 4 of 4',
      expect.stringContaining("trained to 'vectors' of all layers by cosine, 8 times over 180"),
    ],
    versions: { tensorgate: expect.any(String), onnxruntime: expect.any(String) },
    seed: 1,
    training: { count: 180, losses },
    samples: { count: 20 },
  });
  expect((await distil('--layers', '2', '--least-cosine', '0.1')).code).toBe(0);
  expect((await manifest(2)).files['model.onnx']).toEqual(first.files['model.onnx']);
});

test('a task of vectors is judged by a head that was fitted to what the student learned, on what neither saw', async () => {
  const task = ['--task', file('labels.csv'), '--loss-points', '100', '--name', 'judged'];
  const { code, stdout, stderr } = await distil('--layers', '1', '--epochs', '1', ...task);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).report.task).toMatchObject({ fittedTo: 180, agreement: { of: 20 } });
  expect(stderr).toContain(
    'note: student: classes are told by a softmax head that was fitted to the vectors of 180 samples; 20 others are judged',
  );
});

test('what the gate refuses is not stored, and the exit code is 2', async () => {
  const { code, stderr } = await runCli(
    ...wordsOf('--layers', '1', '--epochs', '1', '--seed', '2', '--least-cosine', '1'),
  );
  expect(code).toBe(2);
  expect(stderr).toContain("gate: student: other-answers: output 'vectors': a cosine");
  expect(stderr).toContain('nothing was stored');
  expect(await readdir(file('repository/student'))).not.toContain('3');
});

test('a model without gradients is refused, with what is in the way and what to distil instead', async () => {
  const graph = smallTransformer({ layers: 2 });
  const nodes = graph.nodes.map((node) => (node.op === 'Relu' ? { ...node, op: 'Selu' } : node));
  await writeFile(file('selu.onnx'), buildOnnx({ ...graph, nodes }));
  const words = ['--layers', '1', '--name', 'none', '--samples', file('samples.jsonl'), '--models', file('repository')];
  const { code, stderr } = await runCommand('distil', file('selu.onnx'), ...words);
  expect(stderr).toMatch(
    /error: the student cannot be trained: no gradient goes back through Selu \(node '\w+'\); in place of/,
  );
  expect(code).toBe(1);
});

test('Ctrl-C ends what is under way, which puts away what it made', async () => {
  const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const before = process.exitCode;
  let isAway = false;
  const ended = untilInterrupted(async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    isAway = true;
    signal.throwIfAborted();
  });
  process.emit('SIGINT');
  expect(await ended).toBeUndefined();
  expect({ isAway, code: process.exitCode }).toEqual({ isAway: true, code: 130 });
  expect(error).toHaveBeenCalledWith('interrupted: nothing was stored');
  process.exitCode = before;
  error.mockRestore();
  await expect(untilInterrupted(() => Promise.reject(new Error('another')))).rejects.toThrow('another');
});
