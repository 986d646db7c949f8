import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { passLine } from '../../cli/pass-line.ts';
import { runJob } from '../../cli/run-job.ts';
import { keyCaller } from '../../src/adapters/api-keys/key-caller.ts';
import { LocalBatches } from '../../src/adapters/batch/local-batches.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { LocalModelJobs, type RunJob } from '../../src/adapters/model-jobs/local-model-jobs.ts';
import { endModelJob } from '../../src/core/model-jobs/end-model-job.ts';
import type { JobEnding } from '../../src/core/model-jobs/job-report.ts';
import { runFiles } from '../../src/core/model-jobs/run-files.ts';
import { modelNotFound } from '../../src/core/model-not-found.ts';
import { ModelVersion } from '../../src/core/model-version.ts';
import { batchRoutes } from '../../src/http/batches/batch-routes.ts';
import { errorResponse } from '../../src/http/error-response.ts';
import { fineTuningRoutes } from '../../src/http/fine-tuning/fine-tuning-routes.ts';
import { jobRoutes } from '../../src/http/jobs/job-routes.ts';
import { Router } from '../../src/http/router.ts';
import type { Caller } from '../../src/ports/caller.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import type { TensorSpec } from '../../src/protocol/tensor-spec.ts';
import { defaultConfig } from '../fakes/fake-store.ts';

const place = '/v1/fine_tuning/jobs';
const trained: JobEnding = {
  status: 'completed',
  versions: [{ model: 'iris-mine', version: '3' }],
  result: {
    name: 'iris-mine',
    version: 3,
    metrics: { rows: 30, accuracy: { value: 0.9, low: 0.8, high: 1 } },
    made: {
      by: 'train',
      recipe: { epochs: 5, batchRows: 32 },
      report: {
        passes: 3,
        best: { epoch: 2, loss: 0.5, validationLoss: 0.6 },
        bestEpoch: 2,
        steps: 12,
      },
    },
  },
};

let folder: string;
let data: DirectoryObjectStore;
let jobs: LocalModelJobs;
let router: Router;
/** Who asks; undefined: nobody is asked for a key. */
let caller: Caller | undefined;
/** How jobs are done. */
let run: RunJob;
const failures: unknown[] = [];

/** Models that are stored, and what the server knows of them: a classifier, and a model that makes texts. */
const stored = ['iris', 'iris-mine', 'story', 'flowers', 'photos', 'bank', 'plain'];
let known: string[];
/** Whether it has looked since version 3 was stored. */
let isFresh: boolean;
/** What is beside those that are stored. */
const configs: Readonly<Record<string, object>> = {
  flowers: { architectures: ['TensorgateForTabularClassification'], columns: ['x', 'y'] },
  photos: { architectures: ['ViTForImageClassification'] },
  bank: { architectures: ['BertForSequenceClassification'] },
};
const spec = (name: string, datatype: 'FP32' | 'INT64', size: number) => ({ name, datatype, shape: [-1, size] });
/** Of those of which that is known as they were loaded, what they take. */
const inputs: Readonly<Record<string, readonly TensorSpec[] | undefined>> = {
  flowers: undefined,
  photos: undefined,
  bank: [spec('input_ids', 'INT64', -1), spec('attention_mask', 'INT64', -1)],
  plain: [spec('features', 'FP32', 3)],
};
const models = {
  names: () => known,
  readText: async (name: string, version: number, file: string) => {
    if (version === 2 && file === 'config.json' && configs[name]) return JSON.stringify(configs[name]);
    throw new ServiceError(404, `there is no ${file}`);
  },
  takeIn: async (name: string) => {
    known.push(...stored.filter((each) => each === name));
    isFresh = true;
  },
  stored: (name: string) => ({
    name,
    versions: isFresh ? [1, 2, 3] : [1, 2],
    aliases: { production: { version: 2 }, lost: { version: 9 } },
    versionNotes: {},
    config: defaultConfig,
    misplaced: [],
  }),
  versions: (name: string) => {
    if (name.startsWith('iris') && known.includes(name)) return [new ModelVersion(name, 1, defaultConfig)];
    if (Object.hasOwn(inputs, name)) {
      const version = new ModelVersion(name, 2, defaultConfig);
      const { [name]: specs } = inputs;
      if (specs) version.signature = { inputs: specs, outputs: [], unservable: [], labels: new Map() };
      return [version];
    }
    if (name === 'story' && known.includes(name))
      return [new ModelVersion(name, 1, { ...defaultConfig, task: { name: 'text-generation' } })];
    throw modelNotFound(`there is no model '${name}'`);
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-fine-tuning-'));
  data = new DirectoryObjectStore(folder);
  caller = undefined;
  known = ['iris', 'story', 'flowers', 'photos', 'bank', 'plain'];
  isFresh = false;
  run = (job, store) => endModelJob(runFiles(store, job.id), job, trained, new Date());
  jobs = new LocalModelJobs({
    data,
    most: 1,
    run: (...parts) => run(...parts),
    onEnd: () => undefined,
    onFailure: (_job, error) => failures.push(error),
  });
  const files = new LocalBatches({ data, maxFileBytes: 2_000_000, onFailure: () => undefined });
  const access = async () => jobs;
  const routes = [...batchRoutes(async () => files), ...jobRoutes(access, models), ...fineTuningRoutes(access, models)];
  router = new Router(routes, 256);
});
afterEach(async () => {
  await jobs.stop();
  await rm(folder, { recursive: true });
  expect(failures).toEqual([]);
});

async function call(
  method: string,
  path: string,
  body: string | Uint8Array = '',
  headers: Readonly<Record<string, string>> = {},
) {
  const [plain = '', query] = path.split('?');
  const asked = {
    method,
    path: plain,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(body),
    requestId: 'r',
  };
  const more = { gone: () => new AbortController().signal, ...(query && { query }), ...(caller && { caller }) };
  const answer = await router.handle({ ...asked, ...more }).catch((error) => errorResponse(error, 'r', plain));
  return { status: answer.status, json: JSON.parse(Buffer.concat(answer.body).toString()) };
}

async function upload(
  name: string,
  purpose = 'fine-tune',
  text: string | Uint8Array<ArrayBuffer> = '{"text": "a", "label": "b"}',
) {
  const form = new FormData();
  form.append('purpose', purpose);
  form.append('file', new File([text], name));
  const encoded = new Response(form);
  const body = new Uint8Array(await encoded.arrayBuffer());
  return call('POST', '/v1/files', body, { 'content-type': encoded.headers.get('content-type') ?? '' });
}

async function create(more: object = {}) {
  const { id } = (await upload('rows.jsonl')).json;
  return call('POST', place, JSON.stringify({ model: 'iris', training_file: id, ...more }));
}

async function ended(id: string) {
  for (;;) {
    const { json } = await call('GET', `${place}/${id}`);
    if (json.finished_at !== null) return json;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const messages = (events: readonly { message: string }[]) => events.map(({ message }) => message);

test('a job is one of /v1/jobs, in the shapes of OpenAI, from its beginning to its end', async () => {
  const rows = (await upload('rows.csv', 'fine-tune', 'text,label\na,b\n')).json;
  expect(rows).toMatchObject({ object: 'file', purpose: 'fine-tune', filename: 'rows.csv' });
  const method = {
    type: 'supervised',
    supervised: {
      hyperparameters: { n_epochs: 5, batch_size: 'auto', learning_rate_multiplier: 'auto' },
      target: 'label',
      columns: 'text',
    },
  };
  const { json: job } = await create({
    validation_file: rows.id,
    // "auto" says nothing, whichever of the two places has it.
    hyperparameters: { n_epochs: 5, learning_rate_multiplier: 0.5 },
    method,
    suffix: 'mine',
    seed: 7,
    metadata: { for: 'a test' },
  });
  const hyperparameters = { n_epochs: 5, batch_size: 'auto', learning_rate_multiplier: 0.5 };
  expect(job).toEqual({
    id: expect.stringMatching(/^job_[0-9a-f]{24}$/),
    object: 'fine_tuning.job',
    created_at: expect.any(Number),
    finished_at: null,
    estimated_finish: null,
    model: 'iris',
    fine_tuned_model: null,
    user_provided_suffix: 'mine',
    organization_id: '',
    status: 'queued',
    training_file: expect.stringMatching(/^file-/),
    validation_file: rows.id,
    hyperparameters,
    method: { type: 'supervised', supervised: { hyperparameters, target: 'label', columns: 'text' } },
    seed: 7,
    result_files: [],
    trained_tokens: null,
    error: null,
    integrations: [],
    metadata: { for: 'a test' },
  });
  const { training_file: file } = job;
  expect((await call('GET', `/v1/jobs/${job.id}`)).json).toMatchObject({
    kind: 'train',
    model: 'iris-mine',
    source: 'iris',
    options: { data: file, test: rows.id, target: 'label', epochs: 5, learningRateMultiplier: 0.5, seed: 7 },
  });
  const checkpoints = `${place}/${job.id}/checkpoints`;
  expect((await call('GET', checkpoints)).json).toMatchObject({ data: [], has_more: false });
  await jobs.start();
  expect(await ended(job.id)).toMatchObject({
    status: 'succeeded',
    fine_tuned_model: 'iris-mine@3',
    error: null,
    // What was left to it is known by now.
    hyperparameters: { ...hyperparameters, batch_size: 32 },
  });
  // Whoever hears of it may ask it.
  expect(known).toContain('iris-mine');
  const { json: events } = await call('GET', `${place}/${job.id}/events`);
  expect(events.data.at(-1)).toEqual({
    id: `ftevent-${job.id}-1`,
    object: 'fine_tuning.job.event',
    created_at: job.created_at,
    level: 'info',
    message: `Created fine-tuning job: ${job.id}`,
    type: 'message',
    data: {},
  });
  expect(messages(events.data.toReversed())).toEqual([
    `Created fine-tuning job: ${job.id}`,
    'Fine-tuning job started',
    'The job has successfully completed; the new model is iris-mine@3',
  ]);
  expect(events.data[0]).toMatchObject({ type: 'metrics', data: { accuracy: { value: 0.9, low: 0.8, high: 1 } } });
  const best = {
    id: `ftckpt-${job.id}-8`,
    object: 'fine_tuning.job.checkpoint',
    created_at: expect.any(Number),
    fine_tuned_model_checkpoint: 'iris-mine@3',
    fine_tuning_job_id: job.id,
    metrics: { step: 8, train_loss: 0.5, full_valid_loss: 0.6 },
    step_number: 8,
  };
  expect((await call('GET', checkpoints)).json).toMatchObject({ data: [best], first_id: best.id, has_more: false });
  expect((await call('GET', `${checkpoints}?after=${best.id}`)).json).toMatchObject({ data: [], has_more: false });
  expect((await call('GET', `${checkpoints}?after=other`)).status).toBe(400);
  expect(await call('POST', `${place}/${job.id}/cancel`)).toMatchObject({
    status: 409,
    json: { error: { message: `the job '${job.id}' is over, and stays as it is: succeeded` } },
  });
});

const curve = [
  { epoch: 1, loss: 0.7, validationLoss: 0.7 },
  { epoch: 2, loss: 0.5, validationLoss: 0.6 },
  { epoch: 3, loss: 0.4, validationLoss: 0.8 },
];
test.each([
  ['with a curve', { curve }, [{ step_number: 8, metrics: { step: 8, train_loss: 0.5, full_valid_loss: 0.6 } }]],
  ['with neither passes nor a curve', {}, []],
])(
  'of a job that ended before checkpoints were listed, %s, they are told as far as is known',
  async (_what, report, all) => {
    const result = { made: { report: { ...report, bestEpoch: 2, steps: 12 } } };
    run = (job, store) => endModelJob(runFiles(store, job.id), job, { ...trained, result }, new Date());
    const { json: job } = await create({ suffix: 'mine' });
    await jobs.start();
    await ended(job.id);
    const { json } = await call('GET', `${place}/${job.id}/checkpoints`);
    expect(json.data).toMatchObject(all);
    expect(json.data).toHaveLength(all.length);
  },
);

test('what is asked for again, as its answer was lost, is the same job; what is another, or was not, is not', async () => {
  const { id: file } = (await upload('rows.jsonl')).json;
  const ask = async (body: object, again?: string) =>
    (
      await call('POST', place, JSON.stringify({ model: 'iris', training_file: file, ...body }), {
        ...(again !== undefined && { 'x-stainless-retry-count': again }),
      })
    ).json.id;
  const first = await ask({ metadata: { team: 'a' } }, '0');
  expect(await ask({ metadata: { team: 'a' } }, '1')).toBe(first);
  const others = [await ask({ metadata: { team: 'a' } }, '0'), await ask({ metadata: { team: 'a' } })];
  others.push(await ask({ metadata: { team: 'b' } }, '2'), await ask({ metadata: { team: 'a' }, seed: 2 }, '2'));
  expect(new Set([first, ...others]).size).toBe(5);
  const metadata = { team: 'at once' };
  const [one, ...same] = await Promise.all(['0', '1', '2'].map((again) => ask({ metadata }, again)));
  expect(same).toEqual([one, one]);
  expect((await call('GET', place)).json.data).toHaveLength(6);
  caller = keyCaller({ name: 'acme', actions: ['jobs', 'infer'] });
  // Files of whom nobody asked for a key are nobody's else.
  expect(await ask({ metadata: { team: 'a' } }, '1')).not.toBe(first);
});

test.each([
  [{}, 'iris-ft'],
  [{ suffix: 'mine' }, 'iris-mine'],
  [{ model: 'iris@2', suffix: 'v1.5' }, 'iris-v1.5'],
  // Learning goes on: the next version, which a canary may try.
  [{ model: 'iris@production' }, 'iris-ft'],
  // Stored since the server looked.
  [{ model: 'iris@3' }, 'iris-ft'],
  [{ model: 'iris-mine@1', suffix: 'mine' }, 'iris-mine'],
  [{ model: 'iris@1', suffix: 'iris' }, 'iris'],
  [{ model: 'new:mlp', suffix: 'blank' }, 'blank'],
])('what is made of %j is called %s', async (asked, name) => {
  const { json } = await create(asked);
  expect(json.model).toBe('model' in asked ? asked.model : 'iris');
  expect((await call('GET', `/v1/jobs/${json.id}`)).json.model).toBe(name);
});

test.each([
  ['no model', { model: null }, 400, 'model', 'the name of a model, got null'],
  ['no file', { training_file: null }, 400, 'training_file', 'the id of a file'],
  ['a model that there is not', { model: 'gpt-4o-mini' }, 404, 'model', "there is no model 'gpt-4o-mini'"],
  ['a language model', { model: 'story@1' }, 400, 'model', "'story' is a language model, and these are not fine-tuned"],
  ['a network that there is not', { model: 'new:gpt' }, 400, 'model', 'new:mlp, new:cnn'],
  ['a new network without a name', { model: 'new:mlp' }, 400, 'suffix', 'what new:mlp is to be called, got nothing'],
  ['a path as model', { model: '../iris' }, 404, 'model', 'there is no model'],
  ['a version that there is not', { model: 'iris@7' }, 400, 'model', 'which has 1, 2, 3, production, lost; got'],
  ['an alias that there is not', { model: 'iris@best' }, 400, 'model', "got 'best'"],
  ['an alias that leads nowhere', { model: 'iris@lost' }, 400, 'model', "got 'lost'"],
  ['a file that there is not', { training_file: 'file-x' }, 400, 'training_file', "there is no file 'file-x'"],
  ['a file to measure by that there is not', { validation_file: 'file-x' }, 400, 'validation_file', "no file 'file-x'"],
  [
    'a column that there is not',
    { method: { supervised: { target: 'nope' } } },
    400,
    'method.supervised.target',
    "expected a column of 'rows.jsonl', which has no 'nope'; it has 'text', 'label'",
  ],
  [
    'columns that there are not',
    { method: { supervised: { columns: 'text,p0..p1' } } },
    400,
    'method.supervised.columns',
    "which has no 'p0'",
  ],
  [
    'the target among the columns',
    { method: { supervised: { target: 'text', columns: 'label,text' } } },
    400,
    'method.supervised.columns',
    "expected other columns than 'text', which is what is to be told; it has 'text', 'label'",
  ],
  [
    'the usual target among the columns',
    { method: { supervised: { columns: 'text,label' } } },
    400,
    'method.supervised.columns',
    "expected other columns than 'label'",
  ],
  [
    'a head of nothing',
    { model: 'new:mlp', suffix: 'x', method: { supervised: { head: 'mlp' } } },
    400,
    'method.supervised.head',
    'none with new:mlp',
  ],
  [
    'a new network that is frozen',
    { model: 'new:mlp', suffix: 'x', method: { supervised: { freeze: ['w'] } } },
    400,
    'method.supervised.freeze',
    'none with new:mlp',
  ],
  [
    'two numbers of passes',
    { hyperparameters: { n_epochs: 1 }, method: { supervised: { hyperparameters: { n_epochs: 2 } } } },
    400,
    'hyperparameters.n_epochs',
    "expected 2, as 'method.supervised.hyperparameters.n_epochs' says, or to be said there alone, got 1",
  ],
  ['a suffix that leads out', { suffix: '../../x' }, 400, 'suffix', 'up to 64 letters'],
  ['a suffix that is too long', { suffix: 'x'.repeat(65) }, 400, 'suffix', 'up to 64 letters'],
  ['preferences', { method: { type: 'dpo', dpo: {} } }, 400, 'method.type', 'expected "supervised"'],
  ['another method', { method: { type: 'reinforcement' } }, 400, 'method.type', '"supervised"'],
  ['no epochs', { hyperparameters: { n_epochs: 0 } }, 400, 'hyperparameters.n_epochs', '1 to 1000000, got 0'],
  ['half a row', { hyperparameters: { batch_size: 0.5 } }, 400, 'hyperparameters.batch_size', 'whole number'],
  [
    'a rate below 0',
    { method: { supervised: { hyperparameters: { learning_rate_multiplier: -1 } } } },
    400,
    'method.supervised.hyperparameters.learning_rate_multiplier',
    'above 0',
  ],
  ['hyperparameters in a list', { hyperparameters: [3] }, 400, 'hyperparameters', 'an object'],
  ['a seed below 0', { seed: -1 }, 400, 'seed', 'whole number from 0'],
  ['notes that are no texts', { metadata: { a: 1 } }, 400, 'metadata', '16 strings'],
  ['telling others', { integrations: [{ type: 'wandb' }] }, 400, 'integrations', 'nothing is told to other services'],
  ['an unknown field', { colour: 'red' }, 400, 'colour', "there is no field 'colour'"],
  ['a head of another kind', { method: { supervised: { head: 'tree' } } }, 400, 'method.supervised.head', '"linear"'],
  [
    'weights that are no list',
    { method: { supervised: { freeze: 'w' } } },
    400,
    'method.supervised.freeze',
    'a list of names',
  ],
])('refuses %s', async (_what, asked, status, param, message) => {
  const { status: answered, json } = await create(asked);
  expect({ answered, ...json.error }).toEqual({
    answered: status,
    type: 'invalid_request_error',
    param,
    code: json.error.code,
    message: expect.stringContaining(message),
  });
  expect((await call('GET', place)).json.data).toEqual([]);
});

test('rows that do not say what is to be told are refused at once, unless the request says it', async () => {
  const ask = async (name: string, text: string, more: object = {}) => {
    const { id } = (await upload(name, 'fine-tune', text)).json;
    return call('POST', place, JSON.stringify({ model: 'iris', training_file: id, ...more }));
  };
  expect(await ask('iris.csv', 'x,species\n1,a\n')).toMatchObject({
    status: 400,
    json: {
      error: {
        param: 'method.supervised.target',
        message:
          "field 'method.supervised.target': expected the column that is to be told, as 'iris.csv' has none of the columns messages, label, completion; it has 'x', 'species'",
      },
    },
  });
  expect((await ask('twice.csv', 'x,x\n1,a\n')).json.error.message).toMatch(/^'twice\.csv': .*the column 'x' twice/);
  expect((await ask('rows.txt', 'x')).json.error).toMatchObject({
    param: 'training_file',
    message: expect.stringMatching(/^rows\.txt: expected a name that ends in \.csv/),
  });
  expect((await ask('blank.jsonl', '{}\n')).json.error.message).toBe(
    "'blank.jsonl' is empty: expected a JSON object with fields on each line",
  );
  expect((await ask('no ending', 'x,label\n1,a\n')).json.error).toMatchObject({
    param: 'training_file',
    message: expect.stringMatching(
      /^'no ending': its first line is no JSON object.*no ending is taken for \.jsonl: upload .* ends in \.csv, \.tsv or/,
    ),
  });
  const method = { supervised: { target: 'species' } };
  expect((await ask('iris.csv', 'x,species\n1,a\n', { method })).status).toBe(200);
  expect((await ask('iris.csv', 'x,label\n1,a\n')).status).toBe(200);
});

test.each([
  [
    'flowers',
    'rows.csv',
    'x,label\n',
    {},
    'training_file',
    "expected the columns that 'flowers' takes, and 'rows.csv' has no 'y'; it has 'x', 'label'",
  ],
  ['flowers', 'rows.jsonl', '{"x": 1, "label": "a"}\n', {}, 'training_file', "'rows.jsonl' has no 'y'"],
  [
    'flowers',
    'rows.csv',
    'x,y\n',
    { target: 'y' },
    'method.supervised.target',
    "another column than 'y', by which 'flowers' tells",
  ],
  [
    'flowers',
    'rows.csv',
    'a,b,label\n',
    { columns: 'a' },
    'method.supervised.columns',
    "2 columns to tell 'label' by, as 'flowers' takes, got 1",
  ],
  ['flowers', 'chats.jsonl', '{"messages": []}', {}, 'training_file', "no conversations, as 'flowers' takes no texts"],
  [
    'plain',
    'rows.csv',
    'Unnamed: 0,a,b,label\n',
    {},
    'training_file',
    "3 columns to tell 'label' by, as 'plain' takes, got 2",
  ],
  ['photos', 'rows.csv', 'x,label\n', {}, 'model', 'this one takes pictures or sounds'],
  [
    'bank',
    'rows.csv',
    'id,text,label\n',
    {},
    'method.supervised.columns',
    "the one column of 'rows.csv' that has the texts, which 'bank' takes",
  ],
  ['bank', 'rows.csv', 'text,title,label\n', { columns: 'text,title' }, 'method.supervised.columns', 'the one column'],
  ['bank', 'rows.csv', 'label\n', {}, 'training_file', "a column beside 'label', with the texts"],
  [
    'new:mlp',
    'chats.jsonl',
    '{"messages": []}',
    {},
    'training_file',
    'no conversations, as a new network takes a table of numbers',
  ],
  [
    'new:cnn',
    'rows.csv',
    'a,b,c,label\n',
    {},
    'training_file',
    'a grey, square picture has pixels, for new:cnn, got 3',
  ],
  [
    'new:cnn',
    'rows.csv',
    'a,b,label\n',
    { columns: 'a,b' },
    'method.supervised.columns',
    'a grey, square picture has pixels, for new:cnn, got 2',
  ],
  ['new:mlp', 'rows.csv', 'a,label\n', { columns: ['a'] }, 'method.supervised.columns', 'such as "age,calls"'],
])(
  'of %s what it does not take is refused at once: %s of %j with %j',
  async (model, name, text, supervised, param, message) => {
    const { id } = (await upload(name, 'fine-tune', text)).json;
    const asked = { model, suffix: 'made', training_file: id, method: { supervised } };
    expect(await call('POST', place, JSON.stringify(asked))).toMatchObject({
      status: 400,
      json: { error: { type: 'invalid_request_error', param, message: expect.stringContaining(message) } },
    });
    if (model.startsWith('new:')) return;
    const asJob = { kind: 'train', model: 'made', source: `${model}`, options: { data: id, ...supervised } };
    const { status, json } = await call('POST', '/v1/jobs', JSON.stringify(asJob));
    expect([status, json.error]).toEqual([400, expect.anything()]);
  },
);

test.each([
  ['flowers', 'rows.csv', 'id,y,x,label\n', {}],
  ['flowers', 'rows.csv', 'a,b,label\n', { columns: 'b,a' }],
  ['plain', 'rows.csv', 'Unnamed: 0,a,b,c,label\n', {}],
  ['plain', 'rows.jsonl', '{"a": 1, "label": "b"}', {}],
  ['bank', 'rows.jsonl', '{"a": 1, "note": "b", "label": "b"}', {}],
  ['bank', 'chats.jsonl', '{"messages": [], "id": 1, "at": 2}', {}],
])('of %s what it may take is not: %s of %j with %j', async (model, name, text, supervised) => {
  const { id } = (await upload(name, 'fine-tune', text)).json;
  const asked = { model, training_file: id, method: { supervised } };
  expect(await call('POST', place, JSON.stringify(asked))).toMatchObject({ status: 200 });
});

test('rows to measure by that lack a column of the others are refused at once', async () => {
  const { id } = (await upload('rows.csv', 'fine-tune', 'a,b,label\n')).json;
  const { id: test } = (await upload('test.csv', 'fine-tune', 'a,label\n')).json;
  const asked = { model: 'new:mlp', suffix: 'made', training_file: id, validation_file: test };
  expect((await call('POST', place, JSON.stringify(asked))).json.error).toMatchObject({
    param: 'validation_file',
    message: expect.stringContaining("the columns that 'rows.csv' has, and 'test.csv' has no 'b'"),
  });
});

test('a column is one that any of the first rows has, and not the first alone', async () => {
  const method = { supervised: { target: 'species', columns: 'x' } };
  const ask = async (name: string, text: string | Uint8Array<ArrayBuffer>) => {
    const { id } = (await upload(name, 'fine-tune', text)).json;
    return call('POST', place, JSON.stringify({ model: 'iris', training_file: id, method }));
  };
  const rows = '{"y": 1}\n\n{"x": 1}\n{"species": "a", "x": 2}';
  expect((await ask('rows.jsonl', rows)).status).toBe(200);
  expect((await ask('rows.jsonl.gz', new Uint8Array(gzipSync(rows)))).status).toBe(200);
  // No more is read of a long one.
  const long = `{"y": 1, "z": "${'z'.repeat(2 ** 20)}"}\n{"species": "a", "x": 2}`;
  expect(await ask('long.jsonl', long)).toMatchObject({
    status: 400,
    json: { error: { param: 'method.supervised.target', message: expect.stringContaining("it has 'y', 'z'") } },
  });
});

test('lists come in parts, by what a caller noted, and without jobs that were asked for otherwise', async () => {
  const { id: file } = (await upload('rows.csv', 'batch')).json;
  const asked = { kind: 'train', model: 'plain', options: { data: file, target: 'label', new: 'mlp' } };
  const plain = await call('POST', '/v1/jobs', JSON.stringify(asked));
  const made: string[] = [];
  for (const metadata of [{ team: 'a' }, null, { team: 'b' }]) made.unshift((await create({ metadata })).json.id);
  const listed = async (query: string) => (await call('GET', `${place}?${query}`)).json;
  const ids = ({ data: found }: { data: readonly { id: string }[] }) => found.map(({ id }) => id);
  expect(ids(await listed(''))).toEqual(made);
  expect(await listed('limit=2')).toMatchObject({ has_more: true, first_id: made[0], last_id: made[1] });
  expect(await listed(`limit=2&after=${made[1]}`)).toMatchObject({ has_more: false, data: [{ id: made[2] }] });
  expect(ids(await listed(new URLSearchParams({ 'metadata[team]': 'b' }).toString()))).toEqual([made[0]]);
  expect(ids(await listed('metadata=null'))).toEqual([made[1]]);
  expect((await call('GET', `${place}/${plain.json.id}`)).status).toBe(404);
  for (const [query, status] of [
    ['limit=0', 400],
    ['after=ftjob-x', 404],
  ] as const) {
    const param = query.split('=')[0];
    expect(await call('GET', `${place}?${query}`)).toMatchObject({ status, json: { error: { param } } });
  }
  const uploads = async (purpose: string) => ids((await call('GET', `/v1/files?purpose=${purpose}`)).json);
  expect(await uploads('batch')).toEqual([file]);
  expect(await uploads('fine-tune')).toHaveLength(3);
  expect(await uploads('vision')).toEqual([]);
  expect((await upload('x.jsonl', 'vision')).json.error.message).toContain(
    'expected "batch" or "fine-tune", got "vision"',
  );
});

test('jobs and files are there for who has them, and models for who may make them', async () => {
  const as = (name: string, more: object = {}) => {
    caller = keyCaller({ name, actions: ['jobs', 'infer'], ...more });
  };
  as('acme');
  const { json: job } = await create();
  expect(job.organization_id).toBe('acme');
  as('other');
  const stolen = { model: 'iris', training_file: job.training_file };
  expect((await call('POST', place, JSON.stringify(stolen))).json.error.message).toContain('there is no file');
  for (const path of ['', '/events', '/checkpoints'])
    expect((await call('GET', `${place}/${job.id}${path}`)).status).toBe(404);
  expect((await call('POST', `${place}/${job.id}/cancel`)).status).toBe(404);
  expect((await call('GET', place)).json.data).toEqual([]);
  as('narrow', { models: ['iris'] });
  const mine = JSON.stringify({ ...stolen, suffix: 'mine' });
  expect((await call('POST', place, mine)).json.error.message).toContain("not good for model 'iris-mine'");
  as('narrow', { models: ['iris-mine'] });
  expect((await call('POST', place, mine)).json.error.message).toContain("not good for model 'iris'");
  // Whether there is such a model makes no difference.
  const unknown = JSON.stringify({ ...stolen, model: 'unknown' });
  expect((await call('POST', place, unknown)).json.error.message).toContain("not good for model 'unknown'");
});

test('one that waits is cancelled at once, and what failed says why', async () => {
  const { json: first } = await create({ suffix: 'mine' });
  const { json: second } = await create({ suffix: 'mine' });
  expect((await call('POST', `${place}/${first.id}/cancel`)).json).toMatchObject({
    status: 'cancelled',
    error: null,
    fine_tuned_model: null,
  });
  expect((await call('POST', `${place}/${first.id}/cancel`)).status).toBe(409);
  expect(messages((await call('GET', `${place}/${first.id}/events`)).json.data)).toEqual([
    'The job was cancelled',
    `Created fine-tuning job: ${first.id}`,
  ]);
  const reason = "rows.jsonl has none of the columns messages, label, completion; it has 'x'";
  run = (job, store) => {
    const ending = { status: 'failed' as const, reason, versions: [] };
    return endModelJob(runFiles(store, job.id), job, ending, new Date());
  };
  await jobs.start();
  expect(await ended(second.id)).toMatchObject({
    status: 'failed',
    error: { code: 'job_failed', message: reason, param: null },
  });
  const { json: events } = await call('GET', `${place}/${second.id}/events?limit=1`);
  expect(events).toMatchObject({ data: [{ level: 'error', message: `The job failed: ${reason}` }], has_more: true });
});

test('a job whose file was deleted while it waited has failed, and says so', async () => {
  run = (job, store, signal) =>
    runJob(job, { data: store, models: join(folder, 'models'), program: ['not-begun'] }, signal);
  const { json: job } = await create();
  expect((await call('DELETE', `/v1/files/${job.training_file}`)).json.deleted).toBe(true);
  await jobs.start();
  const { status, error } = await ended(job.id);
  expect({ status, error }).toEqual({
    status: 'failed',
    error: {
      code: 'job_failed',
      message: expect.stringContaining(`its file '${job.training_file}' was deleted before the job began`),
      param: null,
    },
  });
});

test('of ten thousand lines the last thousand are told, each once, the newest first', async () => {
  const { json: job } = await create();
  await jobs.start();
  await ended(job.id);
  const lines = Array.from({ length: 1000 }, (_line, at) => ({ at: 1_800_000_000 + at, message: `line ${9001 + at}` }));
  lines[499] = { at: 1_800_000_499, message: passLine({ epoch: 7, loss: 0.5, validationLoss: 1e-9 }, 20) };
  lines[498] = { at: 1_800_000_498, message: passLine({ epoch: 6, loss: 12_345 }, 20) };
  lines[500] = { at: 1_800_000_500, message: 'note: there are rows that are the same' };
  const key = runFiles(data, job.id).keyOf('events.json');
  await data.replace(key, Buffer.from(JSON.stringify({ events: lines, dropped: 9000 })));
  const all: { id: string; message: string; level: string; type: string; data: object }[] = [];
  let after = '';
  for (;;) {
    const { json: part } = await call('GET', `${place}/${job.id}/events?limit=300${after}`);
    all.push(...part.data);
    if (!part.has_more) break;
    after = `&after=${part.last_id}`;
  }
  expect(all).toHaveLength(1003);
  expect(new Set(all.map(({ id }) => id)).size).toBe(1003);
  expect(messages(all.slice(1, 3))).toEqual(['line 10000', 'line 9999']);
  expect(messages(all.slice(-3))).toEqual([
    'line 9001',
    'Fine-tuning job started',
    `Created fine-tuning job: ${job.id}`,
  ]);
  expect(all.filter(({ level }) => level === 'warn')).toMatchObject([{ message: lines[500]?.message }]);
  expect(all.filter(({ type }) => type === 'metrics').map(({ data: measured }) => measured)).toEqual([
    { accuracy: { value: 0.9, low: 0.8, high: 1 }, rows: 30 },
    { epoch: 7, train_loss: 0.5, full_valid_loss: 1e-9 },
    { epoch: 6, train_loss: 12_345 },
  ]);
  // One that was told once, and is dropped by now.
  const { json: rest } = await call('GET', `${place}/${job.id}/events?after=ftevent-${job.id}-40`);
  expect(messages(rest.data)).toEqual(['Fine-tuning job started', `Created fine-tuning job: ${job.id}`]);
  for (const unknown of ['x', `ftevent-${job.id}-`, `ftevent-${job.id}-1e2`])
    expect((await call('GET', `${place}/${job.id}/events?after=${unknown}`)).json.error.message).toContain("'after'");
});
