import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { dropOldClaims } from '../../src/adapters/drop-old-claims.ts';
import { startServer } from '../../src/adapters/start-server.ts';
import { JobClaims } from '../../src/core/batch-jobs/job-claims.ts';
import { sampleModels } from '../fakes/sample-models.ts';
import { serverOptions } from '../fakes/server-options.ts';

const models = sampleModels();
let folder: string;
let data: DirectoryObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-drop-'));
  data = new DirectoryObjectStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

test('a server removes what says which jobs the requests of days ago began, with its folder', async () => {
  const claims = new JobClaims(data, 'batch');
  await claims.claim({ words: 'old', at: new Date(Date.now() - 25 * 60 * 60 * 1000), isRetry: false });
  await claims.claim({ words: 'new', at: new Date(), isRetry: false });
  const asked = join(folder, 'asked');
  expect(await readdir(asked)).toHaveLength(2);
  const server = await startServer({ ...serverOptions, models, data: folder });
  try {
    while ((await readdir(asked)).length > 1) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await claims.known({ words: 'new', at: new Date(), isRetry: true })).toBeDefined();
  } finally {
    await server.close(0);
    for (const name of server.dataPlane.repository.names()) await server.dataPlane.repository.unload(name);
  }
});

test('one that cannot read them says so, and goes on', async () => {
  jest.spyOn(data, 'list').mockRejectedValue(new Error('no such disk'));
  const error = jest.fn();
  const end = dropOldClaims(data, { info: () => undefined, warn: () => undefined, error });
  await new Promise(setImmediate);
  end();
  expect(error.mock.calls).toEqual([[{ err: new Error('no such disk') }, expect.stringContaining('old requests')]]);
});
