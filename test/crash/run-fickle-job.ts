import { setTimeout } from 'node:timers/promises';
import { runJob } from '../../src/core/batch/run-job.ts';
import type { RunModel } from '../../src/core/batch/run-records.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { fakeJob } from '../fakes/fake-job.ts';

/**
 * Does a job, or what is left of it, of a model that fails for some records, which each call draws by chance: no two
 * tries of a shard come to the same outcomes. It answers the first record always, since a job whose first records all
 * fail is refused.
 */
export async function runFickleJob(input: ObjectStore, output: ObjectStore): Promise<void> {
  const draws = new Map<number, number>();
  const drawn = (value: number): number => {
    const draw = draws.get(value) ?? Math.random();
    draws.set(value, draw);
    return draw;
  };
  const run: RunModel = async ([x]) => {
    if (!x || x.datatype === 'BYTES') throw new Error('it is FP32');
    await setTimeout(1);
    const values = new Float32Array(x.data.slice().buffer);
    if (values.some((value) => value !== 0 && drawn(value) < 0.3)) throw new ServiceError(500, 'by chance');
    return [{ ...x, name: 'y' }];
  };
  await runJob(await fakeJob({ input, output, run, shardBytes: 120, maxFailedRecords: 1e6 }));
}
