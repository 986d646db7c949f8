import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { locateFile } from '../../../src/adapters/batch/locate-file.ts';
import { openBatch } from '../../../src/adapters/batch/open-batch.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { openModelStore } from '../../../src/adapters/open-model-store.ts';
import { runJob } from '../../../src/core/batch/run-job.ts';
import type { ObjectStore } from '../../../src/ports/object-store.ts';
import { SteppedStore } from '../../fakes/stepped-store.ts';

test('a run of a job that is overtaken by another one, also while it plans, ends with the same results', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-two-'));
  const run = async (output: ObjectStore) => {
    const work = await openBatch({
      models: openModelStore('models'),
      model: 'iris',
      reference: undefined,
      input: locateFile(join(folder, 'x.manifest.json')),
      output,
      chosen: {},
      workers: 1,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    return runJob(work);
  };
  try {
    await mkdir(join(folder, 'in'));
    const values = Buffer.from(new Float32Array([5.1, 3.5, 1.4, 0.2]).buffer);
    for (const name of ['a', 'b']) await writeFile(join(folder, 'in', name), values);
    await writeFile(join(folder, 'x.manifest.json'), '{"prefix":"in/","decode":{"kind":"raw"}}');
    let isOvertaken = true;
    for (let place = 0; isOvertaken; place += 1) {
      const out = join(folder, `out-${place}`);
      isOvertaken = false;
      const overtaken = new SteppedStore(new DirectoryObjectStore(out), async (step) => {
        if (step !== place) return;
        isOvertaken = true;
        expect(await run(new DirectoryObjectStore(out))).toMatchObject({ status: 'completed', answered: 2 });
      });
      expect(await run(overtaken)).toMatchObject({ status: 'completed', answered: 2 });
      expect(await readdir(out)).toEqual(['part-00000.jsonl', 'report.json']);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);
