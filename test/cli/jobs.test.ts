import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { jobRequestOf } from '../../cli/job-request-of.ts';
import { jobRunner } from '../../cli/job-runner.ts';
import { modelCommands } from '../../cli/model-commands.ts';
import { type JobPlace, runJob } from '../../cli/run-job.ts';
import { hashKey } from '../../src/adapters/api-keys/hash-key.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { LocalModelJobs } from '../../src/adapters/model-jobs/local-model-jobs.ts';
import { openRepositoryFolder } from '../../src/adapters/open-repository-folder.ts';
import type { RunningServer } from '../../src/adapters/running-server.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import { BatchFiles } from '../../src/core/batch-jobs/batch-files.ts';
import { jobKinds } from '../../src/core/model-jobs/job-kinds.ts';
import type { JobReport } from '../../src/core/model-jobs/job-report.ts';
import { jobWords } from '../../src/core/model-jobs/job-words.ts';
import { ModelJobDesk } from '../../src/core/model-jobs/model-job-desk.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import type { JobRequest } from '../../src/ports/job-request.ts';
import { GraphBuilder } from '../fakes/graph-builder.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCommand } from '../fakes/run-command.ts';
import { serverOptions } from '../fakes/server-options.ts';

jest.setTimeout(120_000);

let folder: string;
const file = (name: string) => join(folder, name);
const columns = 512;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-jobs-'));
  const graph = new GraphBuilder();
  const hidden = graph.node('Relu', [graph.node('MatMul', ['x', graph.weight(columns, 1024)])]);
  graph.node('Softmax', [graph.node('MatMul', [hidden, graph.weight(1024, 3)])], { axis: 1 }, 'y');
  const value = (name: string, size: number) => ({ name, datatype: 'FP32' as const, shape: ['N', size] });
  const { nodes, initializers } = graph;
  const model = buildOnnx({ inputs: [value('x', columns)], outputs: [value('y', 3)], nodes, initializers });
  await mkdir(file('repository/wide/1'), { recursive: true });
  await writeFile(file('repository/wide/1/model.onnx'), model);
  await writeFile(file('wide.onnx'), model);
  const random = seededRandom(3);
  const samples = Array.from({ length: 8 }, () =>
    JSON.stringify({ inputs: { x: Array.from({ length: columns }, () => Number((2 * random() - 1).toFixed(3))) } }),
  );
  await writeFile(file('samples.jsonl'), samples.join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a server that makes models', () => {
  let server: RunningServer;
  const keys = { good: 'key-of-good', other: 'key-of-other', plain: 'key-of-plain', all: 'key-of-all' };

  beforeAll(async () => {
    const entry = (name: keyof typeof keys, more: object) => ({
      name,
      sha256: hashKey(keys[name]).toString('hex'),
      ...more,
    });
    const entries = [
      entry('good', { models: ['wide', 'made', 'made-*'], actions: ['jobs'] }),
      entry('other', { actions: ['jobs', 'infer'] }),
      entry('plain', {}),
      entry('all', { actions: ['jobs', 'infer', 'admin'] }),
    ];
    await writeFile(file('keys.json'), JSON.stringify({ keys: entries }));
    server = await startServer({
      ...serverOptions,
      models: file('repository'),
      data: file('data'),
      apiKeys: file('keys.json'),
      usage: true,
      recordsEveryMs: 50,
      modelJobs: {
        most: 1,
        run: jobRunner(file('repository'), file('data'), { executionProviders: ['cuda', 'cpu'], gpuDevice: 0 }),
      },
    });
  });
  afterAll(() => server.close(0));

  async function call(key: string, path: string, body?: object) {
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {};
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}${path}`, { ...init, headers });
    return { status: answer.status, json: JSON.parse(await answer.text()) };
  }

  async function ended(key: string, id: string) {
    for (;;) {
      const { json } = await call(key, `/v1/jobs/${id}`);
      if (json.finished_at !== null) return json;
      await pause(100);
    }
  }

  test('a model of the repository becomes a candidate, which the audit log and usage know', async () => {
    const options = { unverified: true, only: ['fp16-storage'], latencyRatio: 0 };
    const asked = { kind: 'optimize', model: 'made', source: 'wide@1', options };
    const { status, json: begun } = await call(keys.good, '/v1/jobs', asked);
    expect({ status, begun }).toMatchObject({ status: 200, begun: { ...asked, object: 'model.job', versions: [] } });
    const job = await ended(keys.good, begun.id);
    expect(job).toMatchObject({ status: 'completed', versions: [{ model: 'made', version: '1' }], error: null });
    expect(job.result).toMatchObject({ name: 'made', chosen: 'fp16-storage' });
    expect((await readdir(file('repository/made'))).sort()).toEqual(['1']);
    // Whoever hears that it is done may ask it, though the server watches nothing.
    expect(server.dataPlane.repository.resolve('made', '1').version).toBe(1);
    const manifest = JSON.parse(await readFile(file('repository/made/1/manifest.json'), 'utf8'));
    expect(manifest.made).toMatchObject({ by: 'optimize', source: { name: 'wide@1' }, unverified: true });

    const changes = openRepositoryFolder(file('repository'), '.audit');
    const lines: { action: string; who: string; kind?: string; details?: object }[] = [];
    for (const stored of await changes.list('changes/')) {
      for await (const piece of changes.read(stored)) lines.push(JSON.parse(Buffer.from(piece).toString()));
    }
    const own = lines.filter(({ action }) => action === 'job');
    expect(own).toMatchObject([
      { who: 'good', kind: 'begun', details: { job: begun.id, kind: 'optimize' } },
      { who: 'good', details: { job: begun.id, versions: [{ model: 'made', version: '1' }] } },
    ]);
    const { json: used } = await call(keys.all, '/v1/usage?group_by=api_key_id,model');
    expect(JSON.stringify(used)).toContain('"api_key_id":"good","model":"made"');
    // Others' jobs are not there, but for whoever runs the server.
    expect((await call(keys.other, `/v1/jobs/${begun.id}`)).status).toBe(404);
    expect((await call(keys.all, `/v1/jobs/${begun.id}`)).status).toBe(200);
    expect((await call(keys.all, '/v1/jobs?limit=1')).json.data).toMatchObject([{ id: begun.id }]);
    expect((await call(keys.other, '/v1/jobs')).json.data).toEqual([]);
  });

  test('what is for a GPU is measured on the processor where the server may and has none', async () => {
    const options = { target: 'gpu', unverified: true, only: ['fp16-storage'], latencyRatio: 0 };
    const asked = { kind: 'optimize', model: 'made', source: 'wide@1', options };
    const { json: begun } = await call(keys.good, '/v1/jobs', asked);
    expect(await ended(keys.good, begun.id)).toMatchObject({
      status: 'completed',
      result: { target: 'gpu', measuredOn: expect.stringContaining(process.arch), chosen: 'fp16-storage' },
    });
    const { json: said } = await call(keys.good, `/v1/jobs/${begun.id}/events`);
    expect(JSON.stringify(said)).toContain('note: it is measured on the processor: it is to run on a GPU');
  });

  test('files are uploaded by the command that asks, and what the gate refuses stores nothing', async () => {
    const env = { ...process.env, TENSORGATE_API_KEY: keys.all };
    const submit = (...words: string[]) =>
      runCommand.within(env, 'jobs', 'submit', '--url', server.url, '--wait', ...words);
    const samples = ['--samples', file('samples.jsonl')];
    const cut = await submit('--json', 'split', file('wide.onnx'), '--stages', '2', '--name', 'piped', ...samples);
    expect({ code: cut.code, stderr: cut.stderr }).toMatchObject({ code: 0 });
    const stages = [1, 2].map((stage) => ({ model: `piped-${stage}`, version: '1' }));
    expect(JSON.parse(cut.stdout)).toMatchObject({ status: 'completed', versions: stages });
    const manifest = JSON.parse(await readFile(file('repository/piped-1/1/manifest.json'), 'utf8'));
    expect(manifest.made).toMatchObject({ source: { name: 'source/wide.onnx' }, samples: { count: 8 } });

    // A model of data alone: the file has its name, as the command goes by what it ends in.
    process.env.TENSORGATE_API_KEY = keys.all;
    const rows = Array.from({ length: 60 }, (_row, index) => `${index},${index % 7},${index < 30 ? 'low' : 'high'}`);
    await writeFile(file('rows.csv'), ['a,b,class', ...rows].join('\n'));
    const words = ['fresh', '--data', file('rows.csv'), '--target', 'class', '--columns', 'a,b', '--new', 'logistic'];
    const lesson = await jobRequestOf('train', words, server.url);
    delete process.env.TENSORGATE_API_KEY;
    expect(lesson).toMatchObject({ kind: 'train', model: 'fresh', options: { columns: 'a,b', new: 'logistic' } });
    const trained = await ended(keys.all, (await call(keys.all, '/v1/jobs', lesson)).json.id);
    expect(trained).toMatchObject({ status: 'completed', versions: [{ model: 'fresh', version: '1' }], source: null });
    const shown = await runCommand.within(env, 'jobs', 'show', String(trained.id), '--url', server.url);
    expect(shown.stdout).toMatch(/\n\nmade +fresh@1\naccuracy +[\d.]+ % \([\d.]+ % to [\d.]+ %\)\n[\s\S]*ROC AUC/);

    const asked = await jobRequestOf('optimize', ['wide', '--name', 'unseen'], server.url);
    expect(asked).toEqual({ kind: 'optimize', model: 'unseen', source: 'wide', options: {} });
    await ended(keys.all, (await call(keys.all, '/v1/jobs', asked)).json.id);
    const { json } = await call(keys.all, '/v1/jobs?limit=1');
    expect(json.data[0]).toMatchObject({ status: 'refused', versions: [], error: { code: 'job_refused' } });
    expect(json.data[0].error.message).toContain('gate: unverified: what wide@1 would lose is not known');
    expect(await readdir(file('repository'))).not.toContain('unseen');
    const { json: events } = await call(keys.all, `/v1/jobs/${json.data[0].id}/events`);
    expect(events.data.at(-1)).toMatchObject({ object: 'model.job.event', message: expect.stringContaining('gate:') });

    const elsewhere = jobRequestOf('optimize', ['wide', '--svg', 'x.svg'], server.url);
    await expect(elsewhere).rejects.toThrow('--svg is for this machine; no job takes it');
    const missing = jobRequestOf('optimize', ['wide', '--samples', 'none.jsonl'], server.url);
    await expect(missing).rejects.toThrow('there is no file none.jsonl');
  });

  test('a network of many classes is a version that is known, though what was measured of each is much', async () => {
    const rows = Array.from({ length: 1800 }, (_row, at) => `${at % 300},${(at * 7) % 11},c${at % 300}`);
    await writeFile(file('many.csv'), ['a,b,class', ...rows].join('\n'));
    process.env.TENSORGATE_API_KEY = keys.all;
    const words = ['many', '--data', file('many.csv'), '--target', 'class', '--new', 'logistic', '--epochs', '1'];
    const lesson = await jobRequestOf('train', words, server.url);
    delete process.env.TENSORGATE_API_KEY;
    const { result, ...job } = await ended(keys.all, (await call(keys.all, '/v1/jobs', lesson)).json.id);
    expect(job).toMatchObject({ status: 'completed', versions: [{ model: 'many', version: '1' }], error: null });
    expect(result.metrics.accuracy.value).toBeGreaterThanOrEqual(0);
    expect(result.made.report).toMatchObject({ passes: 1, bestEpoch: 1, best: { epoch: 1 }, measuredBy: 'test' });
    const manifest = JSON.parse(await readFile(file('repository/many/1/manifest.json'), 'utf8'));
    expect(manifest.made.report.metrics.confusion).toHaveLength(300);
  });

  test('a source that is not there is told without the names of all that are', async () => {
    const { json } = await call(keys.good, '/v1/jobs', { kind: 'optimize', model: 'made', source: 'made-none@3' });
    expect((await ended(keys.good, json.id)).error).toEqual({
      code: 'job_failed',
      message: "no model 'made-none' in the repository",
    });
  });

  const wide = { kind: 'optimize', model: 'made', source: 'wide' };
  test.each([
    [
      'no kind',
      {},
      400,
      "field 'kind': expected one of optimize, prune, distil, train, split, convert, push, got nothing",
      'kind',
    ],
    ['a kind of objects', { ...wide, kind: 'constructor' }, 400, 'got "constructor"', 'kind'],
    ['an unknown field', { ...wide, name: 'x' }, 400, "name'", 'name'],
    ['an option of no job', { ...wide, options: { svg: '/etc/x' } }, 400, "svg'", 'options.svg'],
    [
      'an option of another type',
      { ...wide, options: { unverified: 'yes' } },
      400,
      "'options.unverified': must be boolean",
      'options.unverified',
    ],
    [
      'an option that is missing',
      { ...wide, kind: 'split', options: {} },
      400,
      "must have required property 'stages'",
      'options.stages',
    ],
    ['a path as source', { ...wide, source: '../wide' }, 400, "'source': must match pattern", 'source'],
    ['an option as source', { ...wide, source: '--models=x' }, 400, "'source': must match pattern", 'source'],
    [
      'a name that leads out',
      { ...wide, source: { files: { '../x': 'file-1' } } },
      400,
      "'source.files'",
      'source.files',
    ],
    ['a file that is not there', { ...wide, options: { samples: 'file-1' } }, 404, "there is no file 'file-1'", null],
    ['a model of others', { ...wide, model: 'fraud' }, 403, "not good for model 'fraud'", null],
    ['a source of others', { ...wide, source: 'fraud@2' }, 403, "not good for model 'fraud'", null],
    [
      'a stage of others',
      { ...wide, kind: 'split', model: 'wide', options: { stages: 2 } },
      403,
      "model 'wide-1'",
      null,
    ],
  ])('refuses %s', async (_what, body, status, message, param) => {
    const { status: answered, json } = await call(keys.good, '/v1/jobs', body);
    expect({ status: answered, message: json.error.message, param: json.error.param }).toEqual({
      status,
      param,
      message: expect.stringContaining(message),
    });
  });

  test('a key is asked for the action of its own, and jobs for an id', async () => {
    const refused = await call(keys.plain, '/v1/jobs', wide);
    expect(refused).toMatchObject({ status: 403, json: { error: { message: expect.stringContaining("'jobs'") } } });
    expect((await call(keys.plain, '/v1/jobs')).status).toBe(403);
    expect((await call(keys.good, '/v1/jobs/job_none')).json.error.message).toBe("there is no job 'job_none'");
  });
});

test('each kind is a command, whose options it has; the host says where models run', async () => {
  const told = (kind: string, options: JobRequest['options'], providers: string, gpuDevice?: number) =>
    jobWords({ kind, model: 'm', options }, { models: 'm', source: 's', pathOf: String, providers, gpuDevice })
      .filter((word) => /^--(execution-providers|gpu-device)=/.test(word))
      .map((word) => word.slice(word.indexOf('=') + 1));
  expect(told('train', {}, 'cuda,cpu')).toEqual(['cuda,cpu', '0']);
  expect(told('train', { workers: 2 }, 'cuda,cpu')).toEqual(['cpu']);
  expect(told('train', { workers: 2 }, 'cuda')).toEqual(['cuda', '0']);
  expect(told('distil', {}, 'cuda', 3)).toEqual(['cuda', '3']);
  expect(told('distil', {}, 'cpu', 3)).toEqual(['cpu']);
  expect(told('optimize', { target: 'gpu' }, 'cuda,cpu', 1)).toEqual(['cuda,cpu', '1']);
  expect(Object.keys(modelCommands).sort()).toEqual(Object.keys(jobKinds).sort());
  for (const [kind, open] of Object.entries(modelCommands)) {
    const known = (await open()).options.map((option) => option.attributeName());
    const place = { models: 'm', source: 's', pathOf: String, providers: 'cuda' };
    const words = (options: object) => jobWords({ kind, model: 'm', options: { ...options } }, place);
    const isTold = (options: object) => words(options).includes('--execution-providers=cuda');
    expect({ kind, isTold: isTold({ target: 'gpu' }) }).toEqual({ kind, isTold: known.includes('executionProviders') });
    expect(known.includes('gpuDevice')).toBe(known.includes('executionProviders'));
    if (kind === 'optimize') expect(isTold({ target: 'cpu' })).toBe(false);
    expect({ kind, known }).toEqual({
      kind,
      known: expect.arrayContaining(Object.keys(jobKinds[kind]?.options ?? {})),
    });
  }
});

test.each([
  [
    ['optimize', 'm', '--url', 'http://127.0.0.1:9'],
    "expected --url before 'optimize': jobs submit --url <url> optimize …",
  ],
  [
    ['--url', 'http://127.0.0.1:9', 'optimize', 'm', '--wait'],
    "expected --wait before 'optimize': jobs submit --url <url> --wait optimize …",
  ],
  [['bake', 'm'], "'bake' is invalid for argument 'command'. Allowed choices are push, convert, optimize"],
])('jobs submit %j is not understood', async (words, message) => {
  const { code, stderr } = await runCommand('jobs', 'submit', ...words);
  expect(stderr).toContain(message);
  expect(code).toBe(64);
});

describe('jobs on this machine', () => {
  let jobs: LocalModelJobs;
  let data: DirectoryObjectStore;
  const failures: unknown[] = [];
  afterEach(async () => {
    await jobs.stop();
    await rm(file('jobs'), { recursive: true, force: true });
    expect(failures).toEqual([]);
  });

  /** A server whose command is a script. */
  function open(script: string): ModelJobDesk {
    data = new DirectoryObjectStore(file('jobs'));
    const place: Omit<JobPlace, 'data'> = {
      models: file('repository'),
      program: [process.execPath, '-e', script, '--'],
    };
    jobs = new LocalModelJobs({
      data,
      most: 1,
      run: (job, store, signal) => runJob(job, { ...place, data: store }, signal),
      onEnd: () => undefined,
      onFailure: (_job, error) => failures.push(error),
    });
    return new ModelJobDesk(jobs, undefined);
  }

  const asked = { kind: 'optimize', model: 'made', source: 'wide' };
  const waits = 'console.error("begun"); setInterval(() => undefined, 1000)';

  async function until<T>(what: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const value = await what();
      if (value !== undefined) return value;
      await pause(50);
    }
  }
  const report = (desk: ModelJobDesk, id: string): Promise<JobReport> =>
    until(async () => (await desk.find(id)).state.report);
  const running = (desk: ModelJobDesk, id: string) =>
    until(async () => ((await desk.find(id)).state.progress === 'begun' ? true : undefined));

  test('as many run at once as may; one that waits is cancelled at once, one that runs is ended', async () => {
    const desk = open(waits);
    await jobs.start();
    const first = await desk.create(asked, new Date());
    await running(desk, first.job.id);
    const second = await desk.create(asked, new Date());
    expect((await desk.find(second.job.id)).state.status).toBe('queued');
    expect((await desk.cancel(second.job.id, new Date())).state.status).toBe('cancelled');
    expect((await desk.cancel(first.job.id, new Date())).state.status).toBe('cancelling');
    expect(await report(desk, first.job.id)).toMatchObject({ status: 'cancelled', reason: 'the job was cancelled' });
    await expect(desk.cancel(first.job.id, new Date())).rejects.toThrow(`the job '${first.job.id}' is over`);
  });

  test('a process that is killed has failed, by name', async () => {
    const desk = open('console.error("begun"); process.kill(process.pid, "SIGKILL")');
    await jobs.start();
    const { job } = await desk.create(asked, new Date());
    expect(await report(desk, job.id)).toMatchObject({
      status: 'failed',
      isFault: true,
      reason: 'its process was ended by SIGKILL: there may have been too little memory',
    });
    expect((await desk.events(job.id)).events).toMatchObject([{ message: 'begun' }]);
  });

  test('files are called as whoever gave them calls them', async () => {
    const told = 'process.argv.filter((word) => /^--(data|test|recipe)=/.test(word))';
    // Once so that none is a path any more, as such would be told by the name that whoever gave the file knows.
    const hidden = `String(${told}).replace(/[_/]/g, "~")`;
    const desk = open(`for (const said of [${told}, ${hidden}]) console.error("error: " + said); process.exit(1)`);
    await jobs.start();
    const at = new Date();
    const files = new BatchFiles({ data, needs: () => false }, undefined);
    const ids: string[] = [];
    for (const name of ['my rows.csv', 'my rows.csv', 'tmp'])
      ids.push((await files.create({ filename: name, purpose: 'batch', content: Buffer.from('a,b') }, at)).id);
    const [rows, others, odd] = ids as [string, string, string];
    const options = { data: rows, test: others, recipe: odd, new: 'mlp', target: 'a' };
    const { job } = await desk.create({ kind: 'train', model: 'made', options }, at);
    expect((await report(desk, job.id)).reason?.split('\n')).toEqual([
      'options.data=my rows.csv,options.test=my rows.csv,options.recipe=tmp',
      'error: options.data=my~rows.csv,options.test=inputs~1~my~rows.csv,options.recipe=inputs~2~tmp',
    ]);
  });

  test('what a command says of its end is the reason', async () => {
    const desk = open('console.error("begun"); console.error("error: no such model"); process.exit(1)');
    await jobs.start();
    const { job } = await desk.create(asked, new Date());
    const { isFault, ...told } = await report(desk, job.id);
    expect({ isFault, ...told }).toMatchObject({ isFault: undefined, status: 'failed', reason: 'no such model' });
  });

  test.each([
    ['nothing', ''],
    ['no JSON', 'console.log("stored");'],
    ['more than is heard', 'console.log(JSON.stringify({ name: "made", version: 7, more: "m".repeat(2 ** 21) }));'],
  ])('a command that ends well and tells %s is a fault: nobody would know what it made', async (_what, script) => {
    const desk = open(`console.error("begun"); ${script}`);
    await jobs.start();
    const { job } = await desk.create(asked, new Date());
    expect(await report(desk, job.id)).toMatchObject({
      status: 'failed',
      isFault: true,
      reason:
        'its command ended well, but what it told of that was no JSON, or more than a MiB: what it stored is in the repository',
    });
  });

  test('what was under way when the server was killed has failed, and what waited is done', async () => {
    const desk = open('console.log(JSON.stringify({ name: "made", version: 7 }))');
    const first = await desk.create(asked, new Date());
    const second = await desk.create(asked, new Date());
    // As a server leaves it that is killed.
    const start = { at: '2026-11-29T00:00:00.000Z', by: 'killed' };
    await data.replace(`model-runs/${first.job.id}/started.json`, Buffer.from(JSON.stringify(start)));
    await jobs.stop();
    const later = open('console.log(JSON.stringify({ name: "made", version: 7 }))');
    await jobs.start();
    expect(await report(later, second.job.id)).toMatchObject({
      status: 'completed',
      versions: [{ model: 'made', version: '7' }],
    });
    expect(await report(later, first.job.id)).toMatchObject({
      status: 'failed',
      isFault: true,
      reason: expect.stringContaining('the server ended meanwhile'),
    });
  });

  test('a server that stops ends what is under way, and says so', async () => {
    const desk = open(waits);
    await jobs.start();
    const { job } = await desk.create(asked, new Date());
    await running(desk, job.id);
    await jobs.stop();
    expect((await desk.find(job.id)).state.report).toMatchObject({
      status: 'failed',
      reason: 'the server was stopped meanwhile: ask for the job again',
    });
  });
});
