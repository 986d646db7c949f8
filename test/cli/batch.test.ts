import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type FakeRequest, FakeS3, type Fault } from '../fakes/fake-s3.ts';
import { runCli } from '../fakes/run-cli.ts';
import { runCommand } from '../fakes/run-command.ts';
import { type CliResult, startCli } from '../fakes/start-cli.ts';

jest.setTimeout(60_000);

let folder: string;
/** Those of a repository of iris without its task, for which records are tensors. */
let models: string[];
beforeAll(async () => {
  const repository = await mkdtemp(join(tmpdir(), 'tensorgate-models-'));
  await cp('models/iris/1/model.onnx', join(repository, 'iris/1/model.onnx'));
  models = ['--models', repository];
});
afterAll(() => rm(models[1] ?? '', { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-batch-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (name: string) => join(folder, name);
const read = (name: string) => readFile(file(name), 'utf8');

function record(id: number, more: object = {}): string {
  return `${JSON.stringify({ id, X: [5.1, 3.5, 1 + (id % 50) / 10, 0.2], ...more })}\n`;
}

const records = (count: number, more: object = {}) =>
  Array.from({ length: count }, (_, id) => record(id, more)).join('');

/** Two shards, the second of which begins past 40,000 bytes. */
const twoShards = records(2000);
const shards = ['--shard-bytes', '40000'];

describe('batch over a bucket', () => {
  const s3 = new FakeS3();
  const batch = (...words: string[]): Promise<CliResult> =>
    runCommand.within({ ...process.env, ...s3.environment }, 'batch', ...models, 'iris', ...words);
  const object = (key: string) => String(s3.objects.get(key)?.body);
  const keys = () => [...s3.objects.keys()].sort();

  test('gives what it gives here, from a key with anything in it to another', async () => {
    const text = `${records(500)}{"id":500}\n`;
    await writeFile(file('a b+ü.jsonl'), text);
    s3.put('to do/a b+ü.jsonl', text);
    const here = await runCommand('batch', ...models, 'iris', file('a b+ü.jsonl'), '-o', file('out'));
    const there = await batch('s3://models/to do/a b+ü.jsonl', '-o', 's3://models/done +ü/');
    expect(here).toMatchObject({
      code: 0,
      stdout: `completed: 500 records answered, 1 failed (errors.jsonl); ${file('out')}\n`,
    });
    expect(there).toMatchObject({
      code: 0,
      stdout: 'completed: 500 records answered, 1 failed (errors.jsonl); s3://models/done +ü/\n',
    });
    expect(keys()).toEqual([
      'done +ü/errors.jsonl',
      'done +ü/part-00000.jsonl',
      'done +ü/report.json',
      'to do/a b+ü.jsonl',
    ]);
    for (const name of ['errors.jsonl', 'part-00000.jsonl'])
      expect(object(`done +ü/${name}`)).toBe(await read(`out/${name}`));
    expect(JSON.parse(object('done +ü/report.json'))).toMatchObject({
      status: 'completed',
      input: { key: 'to do/a b+ü.jsonl' },
      parts: JSON.parse(await read('out/report.json')).parts,
    });
  });

  test('reads what a manifest names beside it, and stores here what is wanted here', async () => {
    s3.put('in/x.csv', 'id;a;b;c;d\nr;5.1;3.5;1.4;0.2\n');
    s3.put('in/x.manifest.json', '{"file":"x.csv","separator":";","mapping":{"X":["a","b","c","d"]}}');
    const { code, stdout } = await batch('s3://models/in/x.manifest.json', '-o', file('out'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `completed: 1 record answered, 0 failed; ${file('out')}\n` });
    expect(await read('out/part-00000.jsonl')).toMatch(/^\{"id":"r","label":/);
  });

  test('reads the version that it began with, though another is stored meanwhile', async () => {
    s3.put('x.jsonl', record(1), { headers: { 'x-amz-version-id': 'v1' } });
    s3.fault = ({ method, key }) => {
      if (method === 'GET' && key === 'x.jsonl') s3.put(key, record(2), { headers: { 'x-amz-version-id': 'v2' } });
      return undefined;
    };
    expect(await batch('s3://models/x.jsonl', '-o', file('out'))).toMatchObject({ code: 0 });
    expect(await read('out/part-00000.jsonl')).toMatch(/^\{"id":1,/);
    const again = await batch('s3://models/x.jsonl', '-o', file('out'));
    expect(again).toMatchObject({
      code: 1,
      stderr:
        "error: the folder of results has those of another job, of model 'iris' version 1 over 'x.jsonl' as they were then, or with other options: give another folder, or remove it\n",
    });
  });

  test('goes on where it was, and does nothing once it is done', async () => {
    s3.put('x.jsonl', twoShards);
    const words = ['s3://models/x.jsonl', '-o', 's3://models/out', ...shards];
    s3.fault = ({ method, key }) =>
      method === 'PUT' && key === 'out/part-00001.jsonl' ? { status: 403, code: 'AccessDenied' } : undefined;
    const cut = await batch(...words);
    expect(cut).toMatchObject({ code: 1, stdout: '' });
    expect(cut.stderr).toContain("error: 'part-00001.jsonl' cannot be stored in S3: access is denied (AccessDenied)");
    s3.fault = () => undefined;
    s3.requests = [];
    expect(await batch(...words)).toMatchObject({ code: 0, stdout: expect.stringContaining('2000 records answered') });
    expect(s3.count('PUT', /part-00000/)).toBe(0);
    s3.requests = [];
    expect(await batch(...words)).toMatchObject({ code: 0, stdout: expect.stringContaining('2000 records answered') });
    expect(s3.count('PUT')).toBe(0);
    expect(keys()).toEqual(['out/part-00000.jsonl', 'out/part-00001.jsonl', 'out/report.json', 'x.jsonl']);
  });

  test.each([
    ['s3://models/none.jsonl', 'out', "there is no file 's3://models/none.jsonl', nor a folder with files in it"],
    ['s3://models/folder/', 'out', "'s3://models/folder/': expected a file, s3://<bucket>/<key>"],
    ['s3://models', 'out', "'s3://models': expected a file, s3://<bucket>/<key>"],
    ['s3://Models/x.jsonl', 'out', "'s3://Models': expected s3://<bucket>/<prefix>, the bucket in small letters"],
    ['gs://models/x.jsonl', 'out', "'gs://models/x.jsonl': expected a path, a file:// or an s3:// URI; got gs://"],
    ['x.jsonl', 'gs://out', "'gs://out': expected a path, a file:// or an s3:// URI; got gs://"],
    ['x.jsonl', 's3://models/a//b', "'s3://models/a//b': expected a prefix of plain names with one '/' between them"],
  ])('from %s to %s is refused in words', async (input, out, message) => {
    const result = await batch(input, '-o', out.startsWith('out') ? file(out) : out);
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining(`error: ${message}`) });
    expect(await readdir(folder)).toEqual([]);
  });
});

const interrupted = {
  code: 130,
  stdout: '',
  stderr: expect.stringMatching(
    /\ninterrupted: the same command again goes on with what is left; shards under way begin anew\n$/,
  ),
};

/** Whether a request reads the second shard. */
const isOfSecond = ({ method, headers }: FakeRequest) => method === 'GET' && /^bytes=4\d{4}-/.test(headers.range ?? '');

/** Has what is read of the second shard come late, but soon enough for S3 to count as alive. */
const lateShard = (request: FakeRequest): Fault | undefined => (isOfSecond(request) ? { delayMs: 7000 } : undefined);

describe('Ctrl-C', () => {
  const s3 = new FakeS3();
  const env = () => ({ ...process.env, ...s3.environment });
  const there = ['s3://models/x.jsonl', '-o', 's3://models/out'];

  test('before anything is loaded says how to go on', async () => {
    await writeFile(file('x.jsonl'), records(10));
    const press = `process.once('newListener', (name) => process.kill(process.pid, name))`;
    const options = `--import=data:text/javascript,${encodeURIComponent(press)}`;
    const words = ['batch', ...models, 'iris', file('x.jsonl'), '-o', file('out')];
    expect(await runCli.within({ ...process.env, NODE_OPTIONS: options }, ...words)).toEqual(interrupted);
    expect(await readdir(folder)).toEqual(['x.jsonl']);
  });

  test.each(['.work/plan.json', 'part-00000.jsonl'])(
    'once %s is there leaves whole files, and the same command goes on',
    async (sign) => {
      s3.put('x.jsonl', twoShards);
      s3.fault = lateShard;
      const words = ['batch', ...models, 'iris', 's3://models/x.jsonl', '-o', file('out'), ...shards];
      const cli = startCli(env(), ...words);
      while (!existsSync(file(`out/${sign}`)) && cli.process.exitCode === null) await pause(2);
      cli.process.kill('SIGINT');
      expect(await cli.ended).toEqual(interrupted);
      const left = await readdir(file('out'), { recursive: true });
      expect(left.filter((name) => !/^(\.work|\.work\/[a-z].*\.json|part-00000\.jsonl)$/.test(name))).toEqual([]);
      expect(left).toContain(sign);
      s3.fault = () => undefined;
      const again = await runCommand.within(env(), ...words);
      expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('2000 records answered, 0 failed') });
      const parts = await Promise.all(['00000', '00001'].map((part) => read(`out/part-${part}.jsonl`)));
      const ids = parts
        .join('')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).id);
      expect(ids).toEqual(Array.from({ length: 2000 }, (_, id) => id));
    },
  );

  test('while a part is stored in a bucket leaves nothing of it', async () => {
    s3.put('x.jsonl', records(14_000, { note: 'x'.repeat(1000) }));
    const cli = startCli(env(), 'batch', ...models, 'iris', ...there, '--keep', 'note');
    s3.fault = ({ query }) => {
      if (query.get('partNumber') !== '1') return undefined;
      cli.process.kill('SIGINT');
      // The job cannot be over before it hears of it.
      return { delayMs: 1500 };
    };
    expect(await cli.ended).toEqual(interrupted);
    expect(s3.uploads.size).toBe(0);
    expect([...s3.objects.keys()].sort()).toEqual(['out/.work/plan.json', 'x.jsonl']);
  });

  test('ends the process within 2 s where the store does not answer; a second one at once', async () => {
    s3.put('x.jsonl', records(10));
    let asked = () => {};
    s3.fault = ({ method }) => {
      if (method === 'GET') asked();
      return method === 'GET' ? { delayMs: 30_000 } : undefined;
    };
    for (const presses of [1, 2]) {
      const waits = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const cli = startCli(env(), 'batch', ...models, 'iris', ...there);
      await waits;
      const started = performance.now();
      cli.process.kill('SIGINT');
      while (!cli.stderr().includes('interrupted')) await pause(2);
      if (presses === 2) cli.process.kill('SIGINT');
      expect(await cli.ended).toEqual(interrupted);
      const ms = performance.now() - started;
      if (presses === 2) expect(ms).toBeLessThan(1900);
      else expect(ms).toBeGreaterThan(1900);
    }
  });
});

test.each([
  ['iris', 'none.jsonl', /^there is no file '.*\/none\.jsonl', nor a folder with files in it$/],
  ['iri', 'x.jsonl', /^no model 'iri' in .*; did you mean 'iris'\?$/],
])('%s over %s is refused in words, and nothing is left', async (model, input, message) => {
  await writeFile(file('x.jsonl'), records(1));
  const { code, stdout, stderr } = await runCommand('batch', ...models, model, file(input), '-o', file('out'));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr.replace(/^error: |\n$/g, '')).toMatch(message);
  expect(existsSync(file('out'))).toBe(false);
});

test.each([
  ['iris@9', 'x.jsonl', "model 'iris' has no version or alias '9'; it has 1"],
  ['iris', 'x.csv.gz', "'x.csv.gz' is broken, or no gzip"],
  ['iris', 'empty.jsonl', "'empty.jsonl' has no records"],
  ['iris', 'texts/', "input 'X' (FP32, [4]): say in the manifest how a file becomes it"],
])('%s over %s is refused in words, which a report has too', async (model, input, message) => {
  for (const name of ['x.jsonl', 'x.csv.gz']) await writeFile(file(name), records(1));
  await writeFile(file('empty.jsonl'), '');
  await mkdir(file('texts'));
  await writeFile(file('texts/a'), 'a');
  const { code, stdout, stderr } = await runCommand('batch', ...models, model, file(input), '-o', file('out'));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
  expect(await readdir(file('out'))).toEqual(['report.json']);
  expect(`error: ${JSON.parse(await read('out/report.json')).reason}\n`).toBe(stderr);
  expect(JSON.parse(await read('out/report.json'))).toMatchObject({
    status: 'failed',
    records: 0,
    input: { key: input },
  });
});

test('what was refused is begun anew by the next command, whatever was mended', async () => {
  await writeFile(file('x.csv'), 'a,b,c,d\n5.1,3.5,1.4,0.2\n');
  const words = ['batch', ...models, 'iris', file('x.csv'), '-o', file('out')];
  expect(await runCommand(...words)).toMatchObject({ code: 1, stderr: expect.stringContaining("no column 'X'") });
  expect(await runCommand('batch', 'status', file('out'))).toMatchObject({
    stdout: expect.stringMatching(/failed\n.*no column 'X'/s),
  });
  expect(await runCommand(...words, '--map', 'X=a,b,c,d')).toMatchObject({ code: 0 });
  expect(JSON.parse(await read('out/report.json'))).toMatchObject({ status: 'completed', answered: 1 });
  // What is done is another job's, and stays.
  const other = await runCommand(...words);
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining('those of another job') });
  expect(JSON.parse(await read('out/report.json'))).toMatchObject({ status: 'completed' });
});

describe('what the command says', () => {
  test('goes before what a manifest says, each for itself', async () => {
    await writeFile(file('x.csv'), 'id,name,a,b,c,d\n7,r,5.1,3.5,1.4,0.2\n8,s,x,x,x,x\n');
    const said = { mapping: { X: ['b', 'a', 'c', 'd'] }, kept: ['name'], outputs: ['label'], maxFailedRecords: 0 };
    await writeFile(file('x.manifest.json'), JSON.stringify({ file: 'x.csv', ...said }));
    const run = async (name: string, ...words: string[]) => {
      const out = `out-${name}`;
      const result = await runCommand('batch', ...models, 'iris', file('x.manifest.json'), '-o', file(out), ...words);
      return { ...result, part: JSON.parse(await read(`${out}/part-00000.jsonl`)) };
    };
    const [manifest, keep, output, map, maxFailed] = await Promise.all([
      run('manifest'),
      run('keep', '--keep', 'id'),
      run('output', '--output', 'probabilities'),
      run('map', '--map', 'X=a,b,c,d', '--output', 'probabilities'),
      run('failed', '--max-failed', '1'),
    ]);
    const reason = '1 records have no answer, more than the 0 that are tolerated\n';
    expect(manifest).toMatchObject({ code: 1, stderr: reason, part: { name: 'r', label: 0 } });
    expect(keep.part).toEqual({ id: '7', label: 0 });
    expect(Object.keys(output.part)).toEqual(['name', 'probabilities']);
    expect(map.part.probabilities).not.toEqual(output.part.probabilities);
    expect(maxFailed).toMatchObject({ code: 0, stderr: '', part: { name: 'r', label: 0 } });
  });
});

describe('progress', () => {
  const s3 = new FakeS3();
  afterEach(() => void jest.useRealTimers());

  test('is a line every 5 s, what was done before among it; none beside JSON', async () => {
    s3.put('x.jsonl', twoShards);
    const run = (...words: string[]) =>
      runCommand.within(
        { ...process.env, ...s3.environment },
        ...['batch', ...models, 'iris', 's3://models/x.jsonl', ...shards, '-o', file('out'), ...words],
      );
    s3.fault = (request) => (isOfSecond(request) ? { status: 403, code: 'AccessDenied' } : undefined);
    expect(await run()).toMatchObject({ code: 1 });
    expect(await readdir(file('out'))).toContain('part-00000.jsonl');
    await cp(file('out'), file('json'), { recursive: true });

    // Time passes while the second shard is read.
    jest.useFakeTimers({
      doNotFake: [
        'setTimeout',
        'clearTimeout',
        'setImmediate',
        'clearImmediate',
        'nextTick',
        'queueMicrotask',
        'Date',
        'performance',
        'hrtime',
      ],
    });
    let reads = 0;
    s3.fault = (request) => {
      if (isOfSecond(request)) {
        reads += 1;
        jest.advanceTimersByTime(5000);
      }
      return undefined;
    };
    const lines = await run();
    expect(lines).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^1,\d{3}\/2,000 records \([56]\d %\) · 0 failed · 0 records\/s · \? left\n$/),
    });
    const json = await run('-o', file('json'), '--json');
    expect({ reads, ...json }).toMatchObject({ reads: 2, code: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'completed', answered: 2000 });
  });
});

describe('is refused before the first record, in words that help:', () => {
  const refused: [string, () => Promise<string[]>, RegExp][] = [
    [
      'a kept field with the name of an output',
      async () => {
        await writeFile(file('x.jsonl'), records(3, { label: 'mine' }));
        return [file('x.jsonl'), '-o', file('out'), '--keep', 'label'];
      },
      /'label' would be kept beside the output of that name; keep other fields \(--keep <field>\)/,
    ],
    [
      'an output that the model has not',
      async () => {
        await writeFile(file('x.jsonl'), records(3));
        return [file('x.jsonl'), '-o', file('out'), '--output', 'lable'];
      },
      /^error: the model has no output 'lable'; its outputs are 'label', 'probabilities'$/m,
    ],
    [
      'a column to keep that is not there',
      async () => {
        await writeFile(file('x.csv'), 'id,a,b,c,d\nr,5.1,3.5,1.4,0.2\n');
        return [file('x.csv'), '-o', file('out'), '--map', 'X=a,b,c,d', '--keep', 'nope'];
      },
      /there is no column 'nope' to keep; the columns are 'id', 'a', 'b', 'c', 'd'/,
    ],
    [
      'results that would go into a file',
      async () => {
        await writeFile(file('x.jsonl'), records(3));
        await writeFile(file('taken'), '');
        return [file('x.jsonl'), '-o', file('taken/out')];
      },
      /taken\/out' cannot be written to: '.*taken' is a file; give a folder/,
    ],
    [
      'results where the system makes nothing',
      async () => {
        await writeFile(file('x.jsonl'), records(3));
        return [file('x.jsonl'), '-o', process.platform === 'linux' ? '/proc/out' : '/dev/fd/out'];
      },
      /out' cannot be written to: the system lets nothing be made in '\/(proc|dev\/fd)' \([A-Z]+\); give another folder/,
    ],
    [
      'results of another job',
      async () => {
        await writeFile(file('x.jsonl'), records(3));
        await writeFile(file('y.jsonl'), records(4));
        await runCommand('batch', ...models, 'iris', file('x.jsonl'), '-o', file('out'));
        return [file('y.jsonl'), '-o', file('out')];
      },
      /has those of another job, of model 'iris' version 1 over 'x.jsonl'/,
    ],
  ];
  test.each(refused)('%s', async (_name, words, message) => {
    const { code, stderr } = await runCommand('batch', ...models, 'iris', ...(await words()));
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});
