import { JsonlFormat } from '../../src/core/batch/jsonl-format.ts';
import { JsonlParts } from '../../src/core/batch/jsonl-parts.ts';
import { planJob } from '../../src/core/batch/plan-job.ts';
import { recordLayout } from '../../src/core/batch/record-layout.ts';
import type { JobWork } from '../../src/core/batch/run-job.ts';
import type { RunModel } from '../../src/core/batch/run-records.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import { defaultLimits } from '../../src/settings.ts';
import { FakeClock } from './fake-clock.ts';

const specs = [{ name: 'x', datatype: 'FP32', shape: [-1, -1] }] as const;

export interface FakeJobOptions {
  readonly input: ObjectStore;
  readonly output: ObjectStore;
  readonly run: RunModel;
  /** @default job */
  readonly job?: string;
  /** @default 1000000 */
  readonly shardBytes?: number;
  /** @default 1 */
  readonly maxFailedRecords?: number;
}

/** Plans a job over the lines of `in.jsonl`, for a model of one input `x` that `run` stands for. */
export async function fakeJob(options: FakeJobOptions): Promise<JobWork> {
  const { input, output, run, job = 'job', shardBytes = 1e6, maxFailedRecords = 1 } = options;
  const file = await input.find('in.jsonl');
  if (!file) throw new Error('there is no in.jsonl');
  const format = new JsonlFormat(defaultLimits, 1000);
  const fields = { inputs: recordLayout(specs, {}), kept: ['id'] };
  const clock = new FakeClock();
  const engine = { specs, runsAtOnce: 2, run };
  const settings = { kept: ['id'], mapping: {}, outputs: [], maxFailedRecords };
  const plan = await planJob({
    ...{
      job,
      model: 'm',
      version: 1,
      digest: 'd',
      startedAt: '2026-11-28T10:00:00.000Z',
      file,
      format: 'jsonl',
      settings,
    },
    ...{ input, output, records: format, fields, shardBytes, engine, clock },
    canShareRuns: true,
  });
  const parts = new JsonlParts(['id']);
  const unheard = {
    onProgress: () => undefined,
    pause: async () => undefined,
    today: () => new Date('2026-11-28T10:00:05Z'),
  };
  return { plan, input, output, format, parts, fields, engine, clock, ...unheard };
}
