// A job of a model that fails for some records, which each process draws by chance: no two tries of a shard come to the same outcomes.
import { setTimeout } from 'node:timers/promises';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { openS3ObjectStore } from '../../src/adapters/s3-object-store/open-s3-object-store.ts';
import { runJob } from '../../src/core/batch/run-job.ts';
import type { RunModel } from '../../src/core/batch/run-records.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { fakeJob } from '../fakes/fake-job.ts';

const [folder = '', place = '', shardBytes = ''] = process.argv.slice(2);

const draws = new Map<number, number>();

function drawn(value: number): number {
  const draw = draws.get(value) ?? Math.random();
  draws.set(value, draw);
  return draw;
}

const run: RunModel = async ([x]) => {
  if (!x || x.datatype === 'BYTES') throw new Error('it is FP32');
  await setTimeout(1);
  const values = new Float32Array(x.data.slice().buffer);
  if (values.some((value) => drawn(value) < 0.3)) throw new ServiceError(500, 'by chance');
  return [{ ...x, name: 'y' }];
};

const input = new DirectoryObjectStore(folder);
const output = place.startsWith('s3://') ? openS3ObjectStore(place) : new DirectoryObjectStore(place);
await runJob(await fakeJob({ input, output, run, shardBytes: Number(shardBytes), maxFailedRecords: 1e6 }));
