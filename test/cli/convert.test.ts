import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCli } from '../fakes/run-cli.ts';
import { runCommand } from '../fakes/run-command.ts';

jest.setTimeout(120_000);

let folder: string;
const file = (name: string) => join(folder, name);
const stored = () => readdir(file('repository')).catch(() => []);

/** What a script emits of a model that is said to double its input. */
async function emitted(name: string, factor: number, change: object = {}): Promise<void> {
  const value = { datatype: 'FP32' as const, shape: ['N', 2] };
  const model = buildOnnx({
    inputs: [{ name: 'X', ...value }],
    outputs: [{ name: 'y', ...value }],
    initializers: [{ name: 'w', datatype: 'FP32', shape: [1], data: new Uint8Array(Float32Array.of(factor).buffer) }],
    nodes: [{ op: 'Mul', inputs: ['X', 'w'], outputs: ['y'] }],
  });
  const samples = [
    { inputs: { X: [[1, 2]] }, outputs: { y: [[2, 4]] } },
    {
      inputs: {
        X: [
          [3, 4],
          ['NaN', 6],
        ],
      },
      outputs: {
        y: [
          [6, 8],
          ['NaN', 12],
        ],
      },
    },
  ];
  const report = {
    reportVersion: 1,
    framework: 'xgboost',
    kind: 'Booster',
    madeWith: {},
    versions: { python: '3.12.1', xgboost: '3.2.0' },
    inputs: { X: [-1, 2] },
    drawn: true,
    seed: 3,
    ...change,
  };
  await mkdir(file(name));
  await writeFile(file(`${name}/model.onnx`), model);
  await writeFile(file(`${name}/samples.jsonl`), samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
  await writeFile(file(`${name}/report.json`), JSON.stringify(report));
}

/** An interpreter that does what the lines say: $2 is the script, $3 the source, $4 the folder for what it makes. */
async function interpreter(name: string, ...lines: string[]): Promise<string> {
  await writeFile(file(name), ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
  return file(name);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-convert-'));
  await writeFile(file('model.ubj'), '{L\x00\x00\x00\x00\x00\x00\x00\x07learner{');
  await writeFile(file('model.pkl'), '\x80\x04\x95\x10\x00\x8c\x0bsklearn.svm', 'latin1');
  await emitted('right', 2);
  await emitted('wrong', 2.1);
  await emitted('unread', 2, { versions: { numpy: 1 } });
});
afterAll(() => rm(folder, { recursive: true }));

function convert(source: string, ...words: string[]) {
  return runCommand('convert', file(source), '--models', file('repository'), ...words);
}

describe('convert', () => {
  test('stores what answers as its source did, and says in its manifest how it was made', async () => {
    const python = await interpreter('copies', `cp ${file('right')}/* "$4"`);
    const { code, stderr, stdout } = await convert('model.ubj', '--name', 'twice', '--python', python);
    expect([code, stderr]).toEqual([0, expect.stringContaining("XGBoost's model in UBJSON: converting it")]);
    expect(stderr).toContain('gate: 2 random samples answered as by xgboost 3.2.0, to 0.0');
    expect(stdout).toContain("stored model 'twice' version 1");
    const place = file('repository/twice/1');
    expect(await readdir(place)).toEqual(['manifest.json', 'model.onnx', 'samples.jsonl']);
    const { made } = JSON.parse(await readFile(join(place, 'manifest.json'), 'utf8'));
    expect(made).toMatchObject({
      by: 'convert',
      source: { name: 'model.ubj', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      passes: ['from xgboost: Booster'],
      versions: { xgboost: '3.2.0', tensorgate: expect.any(String) },
      seed: 3,
      samples: { count: 2 },
      report: { findings: [] },
    });
  });

  test('stores nothing that answers otherwise, by name, with exit code 2', async () => {
    const python = await interpreter('copies-wrong', `cp ${file('wrong')}/* "$4"`);
    const before = await stored();
    const { code, stderr } = await convert('model.ubj', '--name', 'wrong', '--python', python);
    expect([code, stderr]).toEqual([2, expect.stringContaining("other-answers: output 'y'")]);
    expect(stderr).toContain('nothing was stored');
    expect(await stored()).toEqual(before);
  });

  test('holds a conversion to the answers that are known from elsewhere too', async () => {
    const python = await interpreter('copies-again', `cp ${file('right')}/* "$4"`);
    await writeFile(file('known.jsonl'), '{"inputs": {"X": [1, 2]}, "outputs": {"y": [2, 5]}}\n');
    const { code, stderr } = await convert(
      'model.ubj',
      '--name',
      'known',
      '--python',
      python,
      '--samples',
      file('known.jsonl'),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining("output 'y' [1] is 4, expected 5")]);
  });

  test('runs no pickle before it is trusted, nor modules', async () => {
    const python = await interpreter('leaves-a-mark', `touch ${file('ran')}`, `cp ${file('right')}/* "$4"`);
    const pickle = await convert('model.pkl', '--name', 'p', '--python', python);
    expect([pickle.code, pickle.stderr]).toEqual([1, expect.stringContaining('--trust-pickle')]);
    const code = await convert('model.ubj', '--name', 'p', '--python', python, '--code', folder);
    expect([code.code, code.stderr]).toEqual([1, expect.stringContaining('--trust-pickle')]);
    expect(await readdir(folder)).not.toContain('ran');
    expect((await convert('model.pkl', '--name', 'p', '--python', python, '--trust-pickle')).code).toBe(0);
    expect(await readdir(folder)).toContain('ran');
  });

  test('takes what a container made, and runs nothing', async () => {
    const words = ['--name', 'c', '--converted', file('right')];
    const { code, stdout } = await convert('model.pkl', ...words);
    expect([code, stdout]).toEqual([0, expect.stringContaining("stored model 'c' version 1")]);
    expect((await convert('model.pkl', '--name', 'c', '--converted', file('wrong'))).code).toBe(2);
    await cp(file('right'), file('linked'), { recursive: true });
    await symlink('/etc/passwd', file('linked/tokenizer.json'));
    const linked = await convert('model.pkl', '--name', 'c', '--converted', file('linked'));
    expect([linked.code, linked.stderr]).toEqual([1, expect.stringContaining('files and folders alone')]);
  });

  test('hands on nothing of its environment, and no network where the system lets it', async () => {
    const python = await interpreter(
      'looks-about',
      `{ env; echo "$PWD"; cat /proc/net/dev; } > ${file('seen')}`,
      `cp ${file('right')}/* "$4"`,
    );
    const words = ['--models', file('repository'), '--name', 'n', '--python', python, '--trust-pickle'];
    const env = { ...process.env, AWS_SECRET_ACCESS_KEY: 'secret', TENSORGATE_API_KEY: 'secret' };
    const { code, stderr } = await runCli.within(env, 'convert', file('model.pkl'), ...words);
    const seen = await readFile(file('seen'), 'utf8');
    expect([code, seen]).toEqual([0, expect.not.stringContaining('secret')]);
    expect(seen).not.toContain(`HOME=${process.env.HOME}\n`);
    const networks = [...seen.matchAll(/^ *(\w+):/gm)].map(([, name]) => name);
    if (!stderr.includes('did not let the network be taken away')) expect(networks).toEqual(['lo']);
  });

  test('tells why its script refuses a source, and what a script says that fails', async () => {
    const refuses = await interpreter(
      'refuses',
      'echo noise >&2',
      'echo "refused: expected trees, got gblinear" >&2',
      'exit 3',
    );
    expect((await convert('model.ubj', '--name', 'r', '--python', refuses)).stderr).toContain(
      `error: ${file('model.ubj')}: expected trees, got gblinear\n`,
    );
    const fails = await interpreter('fails', 'echo Traceback >&2', 'echo "ValueError: 7" >&2', 'exit 1');
    expect((await convert('model.ubj', '--name', 'r', '--python', fails)).stderr).toContain(
      'the conversion failed:\nTraceback\nValueError: 7',
    );
    const dies = await interpreter('dies', 'kill -9 $$');
    expect((await convert('model.ubj', '--name', 'r', '--python', dies)).stderr).toContain('ended by SIGKILL');
    const unread = await interpreter('unreadable', `cp ${file('unread')}/* "$4"`);
    expect((await convert('model.ubj', '--name', 'r', '--python', unread)).stderr).toContain("'versions' is to be");
  });

  test('says what it takes where it is given something else', async () => {
    const { code, stderr } = await convert('right/model.onnx', '--name', 'o');
    expect([code, stderr]).toEqual([1, expect.stringContaining('push it as it is')]);
    expect((await convert('absent', '--name', 'o')).stderr).toContain('there is no file or folder');
  });
});

describe('an environment of Python', () => {
  const names = ['python3', 'python3.11', 'python3.12', 'python3.13'];

  /** Runs the command where each Python does what the lines say. */
  async function within(place: string, ...lines: string[]) {
    await mkdir(file(place), { recursive: true });
    for (const name of names) await interpreter(`${place}/${name}`, ...lines);
    const path = `${file(place)}${delimiter}${process.env.PATH}`;
    const env = { ...process.env, PATH: path, TENSORGATE_CACHE: file(`${place}/cache`) };
    const words = ['--models', file('repository'), '--name', 'e'];
    return runCli.within(env, 'convert', file('model.ubj'), ...words);
  }

  test('needs a Python of the right age', async () => {
    const { code, stderr } = await within('old', 'echo 3.9.2');
    expect([code, stderr]).toEqual([1, expect.stringContaining('needs Python 3.11 to 3.13')]);
    expect(stderr).toContain('python3 is 3.9.2');
  });

  const isAsked = '[ "$1" = -c ] && echo 3.12.1 && exit';

  test('needs the module venv', async () => {
    const { stderr } = await within('no-venv', isAsked, 'echo ensurepip is not available; exit 1');
    expect(stderr).toContain('cannot make an environment: ensurepip is not available');
    expect(stderr).toContain('install python3-venv');
  });

  test('tells what pip could not install, and leaves nothing behind', async () => {
    await interpreter('pip-fails', 'echo "ERROR: No matching distribution found for scipy==1.17.1" >&2', 'exit 1');
    const { code, stderr } = await within(
      'no-packages',
      isAsked,
      `mkdir -p "$3/bin" && cp ${file('pip-fails')} "$3/bin/python"`,
    );
    expect([code, stderr]).toEqual([1, expect.stringContaining('No matching distribution found for scipy==1.17.1')]);
    expect(await readdir(file('no-packages/cache/convert'))).toEqual([]);
  });

  test('is made once, and told of', async () => {
    await interpreter('works', '[ "$1" = -m ] && echo Collecting scipy==1.17.1 && exit', `cp ${file('right')}/* "$4"`);
    const lines = [isAsked, `mkdir -p "$3/bin" && cp ${file('works')} "$3/bin/python"`];
    const first = await within('made', ...lines);
    expect([first.code, first.stderr]).toEqual([0, expect.stringMatching(/once: \d+ packages[\s\S]* {2}scipy\n/)]);
    const second = await within('made', ...lines);
    expect([second.code, second.stderr]).toEqual([0, expect.not.stringContaining('setting up')]);
    expect(await readdir(file('made/cache/convert'))).toEqual([expect.stringMatching(/^tabular-[0-9a-f]{12}$/)]);
  });
});
