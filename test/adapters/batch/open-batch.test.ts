import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { locateFile } from '../../../src/adapters/batch/locate-file.ts';
import { openBatch } from '../../../src/adapters/batch/open-batch.ts';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { loadOnUse } from '../../../src/adapters/load-on-use.ts';
import { openNativeSession } from '../../../src/adapters/onnx-native/open-native-session.ts';
import { writePrepared } from '../../../src/adapters/onnx-native/write-prepared.ts';
import { manifestFile } from '../../../src/adapters/prepared/manifest.ts';
import { runJob } from '../../../src/core/batch/run-job.ts';
import { planFile } from '../../../src/core/batch/work-files.ts';
import { takeAnswer } from '../../../src/core/take-answer.ts';
import type { ModelStore } from '../../../src/ports/model-store.ts';
import type { ObjectStore } from '../../../src/ports/object-store.ts';
import { sampleModels } from '../../fakes/sample-models.ts';
import { SteppedStore } from '../../fakes/stepped-store.ts';

const samples = sampleModels();
let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-open-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(input: string, output: ObjectStore, models: ModelStore = new DirectoryModelStore(samples)) {
  const work = await openBatch({
    models,
    model: 'iris',
    reference: undefined,
    input: locateFile(join(folder, input)),
    output,
    chosen: {},
    workers: 1,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  return runJob(work);
}

test('a run of a job that is overtaken by another one, also while it plans, ends with the same results', async () => {
  await mkdir(join(folder, 'in'));
  const values = Buffer.from(new Float32Array([5.1, 3.5, 1.4, 0.2]).buffer);
  for (const name of ['a', 'b']) await writeFile(join(folder, 'in', name), values);
  await writeFile(join(folder, 'x.manifest.json'), '{"prefix":"in/","decode":{"kind":"raw"}}');
  const both = { status: 'completed', answered: 2 };
  let [isOvertaken, isPlanned] = [true, false];
  // Once it is planned it is a job as any other is: exactly-once.test.ts has those overtaken at each step.
  for (let place = 0; isOvertaken; place += isPlanned ? 6 : 1) {
    const out = join(folder, `out-${place}`);
    isOvertaken = false;
    const overtaken = new SteppedStore(new DirectoryObjectStore(out), async (step) => {
      if (step !== place) return;
      isOvertaken = true;
      isPlanned = existsSync(join(out, planFile));
      expect(await run('x.manifest.json', new DirectoryObjectStore(out))).toMatchObject(both);
    });
    expect(await run('x.manifest.json', overtaken)).toMatchObject(both);
    expect(await readdir(out)).toEqual(['part-00000.jsonl', 'report.json']);
  }
}, 120_000);

test('a model with a prepared form is not fetched, and its digest is that of its files all the same', async () => {
  // Without its task: records are tensors.
  await cp('models/iris/1/model.onnx', join(folder, 'models/iris/1/model.onnx'));
  await mkdir(join(folder, 'form'));
  const store = new DirectoryModelStore(join(folder, 'models'));
  const { path, operators, mixesRows } = await store.fetch('iris', 1);
  const session = await openNativeSession(path, { intraOpThreads: 1, isPrepared: false });
  const answer = await takeAnswer(session, {});
  await session.release();
  await writePrepared(path, join(folder, 'form'));
  const manifest = JSON.stringify({ format: 2, whyNot: '', operators, mixesRows, answer });
  await writeFile(join(folder, 'form', manifestFile), manifest);
  const digest = await store.digest('iris', 1);
  await store.putPrepared('iris', 1, digest, join(folder, 'form'));
  await writeFile(join(folder, 'x.jsonl'), '{"X":[5.1,3.5,1.4,0.2]}\n');
  const models: ModelStore = {
    ...loadOnUse(store, { pinned: [], served: [] }),
    fetch: async () => {
      throw new Error('it was fetched');
    },
  };
  const report = await run('x.jsonl', new DirectoryObjectStore(join(folder, 'out')), models);
  expect(report).toMatchObject({ status: 'completed', answered: 1, version: 1, digest });
});
