import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { LocalBatches } from '../../src/adapters/batch/local-batches.ts';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { LocalModelJobs } from '../../src/adapters/model-jobs/local-model-jobs.ts';
import type { StoredFile } from '../../src/ports/object-store.ts';

/** A store that tells what it is asked for, and how much at once. */
class WatchedStore extends DirectoryObjectStore {
  most = 0;
  readonly reads: string[] = [];
  #now = 0;

  override async find(key: string): Promise<StoredFile | undefined> {
    this.#now += 1;
    this.most = Math.max(this.most, this.#now);
    try {
      return await super.find(key);
    } finally {
      this.#now -= 1;
    }
  }

  override read(file: StoredFile, start?: number, end?: number): AsyncIterable<Uint8Array> {
    this.reads.push(file.key);
    return super.read(file, start, end);
  }

  // A folder looks at all that it lists at once.
  override async list(prefix: string): Promise<readonly StoredFile[]> {
    const files = await super.list(prefix);
    if (prefix.endsWith('jobs/')) this.most = 0;
    return files;
  }
}

const count = 100;
const ids = Array.from({ length: count }, (_id, place) => `batch_${String(place).padStart(4, '0')}`);
/** Those that are not done, by when they were asked for: the newest is listed first. */
const left = [ids[80], ids[40], ids[7]] as readonly string[];
const failures: unknown[] = [];
const onFailure = (job: string, error: unknown) => failures.push([job, error]);
let folder: string;
let data: WatchedStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-start-'));
  data = new WatchedStore(folder);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  expect(failures).toEqual([]);
});

async function write(key: string, content: object): Promise<void> {
  await mkdir(dirname(join(folder, key)), { recursive: true });
  await writeFile(join(folder, key), JSON.stringify(content));
}

test('batches that are left are begun in order; of many that are done some are looked at at once', async () => {
  for (const id of ids) {
    const requests = { endpoint: '/v1/predict' };
    await write(`jobs/${id}.json`, { id, folder: `out/${id}/`, input: { key: `files/${id}` }, requests });
    if (!left.includes(id)) await write(`out/${id}/report.json`, { status: 'completed' });
  }
  await writeFile(join(folder, 'jobs/batch_0050.json'), '{"id":');
  const batches = new LocalBatches({ data, maxFileBytes: 1, onFailure });
  const begun: string[] = [];
  batches.begin = async (id) => void begun.push(id);
  await batches.start(async () => ({ status: 200, headers: [], body: [] }));
  expect(begun).toEqual(left);
  expect(failures.splice(0)).toEqual([['jobs/batch_0050.json', expect.any(SyntaxError)]]);
  expect(data.most).toBeGreaterThan(8);
  expect(data.most).toBeLessThanOrEqual(32);
});

test('so are jobs that make models, of which those that are done are not read', async () => {
  for (const id of ids) {
    await write(`model-jobs/${id}.json`, { id, kind: 'optimize', model: 'm', inputs: {} });
    if (!left.includes(id)) await write(`model-runs/${id}/report.json`, { status: 'completed' });
  }
  const begun: string[] = [];
  const report = { status: 'completed' as const, versions: [], startedAt: '', finishedAt: '', seconds: 0, job: '' };
  const jobs = new LocalModelJobs({
    data,
    most: 1,
    run: async ({ id }) => {
      begun.push(id);
      return report;
    },
    onEnd: () => undefined,
    onFailure,
  });
  await rm(join(folder, 'model-runs/batch_0050'), { recursive: true });
  await writeFile(join(folder, 'model-jobs/batch_0050.json'), '');
  await jobs.start();
  expect(failures.splice(0)).toEqual([['batch_0050', expect.any(SyntaxError)]]);
  expect(data.most).toBeGreaterThan(8);
  expect(data.most).toBeLessThanOrEqual(32);
  expect(data.reads.toSorted()).toEqual(['0007', '0040', '0050', '0080'].map((id) => `model-jobs/batch_${id}.json`));
  while (begun.length < left.length) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(begun).toEqual(left);
  await jobs.stop();
});
