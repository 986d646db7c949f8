import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { JsonlFormat } from '../../../src/core/batch/jsonl-format.ts';
import { planJob } from '../../../src/core/batch/plan-job.ts';
import { recordLayout } from '../../../src/core/batch/record-layout.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

const specs = [{ name: 'x', datatype: 'FP32', shape: [-1] }] as const;

describe('shards are as long as a worker does in half a minute', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-plan-'));
    await writeFile(join(folder, 'x.jsonl'), '{"x":1}\n'.repeat(10_000));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The plan for a model that takes so long for each record. */
  async function plan(msARecord: number, canShareRuns = true) {
    const store = new DirectoryObjectStore(folder);
    const clock = new FakeClock();
    const file = await store.find('x.jsonl');
    if (!file) throw new Error('it is there');
    return planJob({
      ...{ job: 'job', model: 'm', version: 1, digest: 'd', startedAt: '', file, format: 'jsonl' },
      settings: { kept: [], mapping: {}, outputs: [], maxFailedRecords: 0 },
      input: store,
      output: store,
      records: new JsonlFormat(defaultLimits, 1000),
      fields: { inputs: recordLayout(specs, {}), kept: [] },
      shardBytes: 16 * 1024 * 1024,
      engine: {
        specs,
        runsAtOnce: 1,
        run: async ([input]) => {
          if (!input) throw new Error('a record has one');
          clock.ms += msARecord * (input.shape[0] ?? 1);
          return [{ ...input, name: 'y' }];
        },
      },
      canShareRuns,
      clock,
    });
  }

  test('of a model that is fast, as many as there is room for', async () => {
    expect((await plan(0.1)).shards).toHaveLength(1);
  });

  test.each([true, false])('of one that takes 100 ms for each, 300 (runs shared: %s)', async (canShareRuns) => {
    const { shards } = await plan(100, canShareRuns);
    expect(shards.map(({ records }) => records)).toEqual([...Array(33).fill(300), 100]);
    expect(shards.map(({ firstRecord }) => firstRecord)).toEqual(shards.map(({ index }) => index * 300));
  });

  test('of one that takes longer than that for one, one', async () => {
    expect((await plan(500_000)).shards).toHaveLength(10_000);
  });
});
