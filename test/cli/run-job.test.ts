import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { leftStatus } from '../../cli/left-status.ts';
import { runJob } from '../../cli/run-job.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { readJson } from '../../src/core/batch/read-json.ts';
import { JobTaken } from '../../src/core/model-jobs/job-taken.ts';
import { eventsFile, type JobEvents, runFiles } from '../../src/core/model-jobs/run-files.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

let folder: string;
const file = (name: string) => join(folder, name);
const job = { id: 'job_1', kind: 'train', model: 'made', createdAt: 0, options: {}, inputs: {} };
const { signal } = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-run-job-'));
});
afterEach(() => rm(folder, { recursive: true }));

const program = (script: string) => [process.execPath, '-e', script, '--'];

async function storeVersion(number: number): Promise<void> {
  await mkdir(file(`models/encoder/${number}`), { recursive: true });
  await writeFile(file(`models/encoder/${number}/model.onnx`), 'any');
}

/** A store that does not answer the first time that it is asked what a job said. */
class SlowStore extends DirectoryObjectStore {
  finds = 0;

  override async find(key: string) {
    this.finds += 1;
    if (key.endsWith(eventsFile) && this.finds === 1) throw new ServiceError(503, 'slow down');
    return super.find(key);
  }
}

test('what was said before is not worth the job: where it cannot be read, the job is done, and nothing watches it after', async () => {
  const data = new SlowStore(file('data'));
  const script = 'console.log(JSON.stringify({ name: "made", version: 1 }))';
  const report = await runJob(
    { ...job, options: { new: 'mlp' } },
    { data, models: file('models'), program: program(script) },
    signal,
  );
  expect(report).toMatchObject({ status: 'completed', versions: [{ model: 'made', version: '1' }] });
  const { finds } = data;
  await pause(2500);
  expect(data.finds).toBe(finds);
});

test('a job that is done again is made of the version that its source meant at first', async () => {
  const data = new DirectoryObjectStore(file('data'));
  const script = `console.error(process.argv.find((word) => word.startsWith('encoder'))); process.exit(${leftStatus})`;
  const place = { data, models: file('models'), program: program(script), rounds: file('rounds') };
  for (const number of [4, 5]) {
    await storeVersion(number);
    expect(await runJob({ ...job, source: 'encoder' }, place, signal)).toBeUndefined();
  }
  const said = await readJson<JobEvents>(runFiles(data, job.id), eventsFile);
  expect(said?.events.map(({ message }) => message)).toEqual(['encoder@4', 'encoder@4']);
});

test.each([
  ['encoder@9', 'encoder@9'],
  ['encoder@4', 'encoder@4'],
])('of a source %s the command hears %s', async (source, heard) => {
  await storeVersion(4);
  await storeVersion(5);
  const data = new DirectoryObjectStore(file('data'));
  const script = `console.error('error: ' + process.argv.find((word) => word.startsWith('encoder'))); process.exit(1)`;
  const place = { data, models: file('models'), program: program(script) };
  expect(await runJob({ ...job, source }, place, signal)).toMatchObject({ status: 'failed', reason: heard });
});

test.each([
  ['fails', 'process.on("SIGTERM", () => { console.error("error: ended"); process.exit(1) })', undefined],
  [
    'completes all the same',
    'process.on("SIGTERM", () => { console.log(JSON.stringify({ name: "made", version: 1 })); process.exit(0) })',
    'completed',
  ],
])(
  'a job that another has taken up says no more here; where it %s, that is told as it is true alone',
  async (_what, script, status) => {
    const data = new DirectoryObjectStore(file('data'));
    const taken = new AbortController();
    const holder = { isTaken: async () => taken.signal.aborted };
    const place = {
      data,
      models: file('models'),
      program: program(`${script}; setInterval(() => console.error("pass 1"), 10)`),
      holder,
    };
    const output = runFiles(data, job.id);
    const ended = runJob({ ...job, options: { new: 'mlp' } }, place, taken.signal);
    while (!(await output.find(eventsFile))) await pause(20);
    const others = { events: [{ at: 1, message: 'what the other says' }], dropped: 0 };
    taken.abort(new JobTaken('another has it'));
    await data.replace(output.keyOf(eventsFile), Buffer.from(JSON.stringify(others)));
    expect((await ended)?.status).toBe(status);
    await pause(2500);
    expect(await readJson(output, eventsFile)).toEqual(others);
  },
);
