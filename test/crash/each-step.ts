import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { S3Client } from '../../src/adapters/s3-model-store/s3-client.ts';
import { S3ObjectStore } from '../../src/adapters/s3-object-store/s3-object-store.ts';
import type { BatchReport } from '../../src/core/batch/batch-report.ts';
import { type JobWork, runJob } from '../../src/core/batch/run-job.ts';
import type { RunModel } from '../../src/core/batch/run-records.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { checkResults } from '../fakes/check-results.ts';
import { fakeJob } from '../fakes/fake-job.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { SteppedStore } from '../fakes/stepped-store.ts';

export type StoreKind = 'a directory' | 'S3';

/** Runs of a job whose model fails for some of its records, which are others at each try, in a folder of each test. */
export class EachStep {
  folder = '';
  readonly #records: number;
  readonly #s3 = new FakeS3();

  constructor(records: number) {
    this.#records = records;
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'tensorgate-once-'));
      const lines = Array.from({ length: records }, (_, id) => `{"id":${id},"x":[${id}]}\n`);
      await writeFile(join(this.folder, 'in.jsonl'), lines.join(''));
    });
    afterEach(() => rm(this.folder, { recursive: true }));
  }

  job(output: ObjectStore, attempt: number, shardBytes: number): Promise<JobWork> {
    const input = new DirectoryObjectStore(this.folder);
    return fakeJob({ input, output, run: fickle(attempt), shardBytes, maxFailedRecords: this.#records });
  }

  /** Stops a job before each step, or before one of `every`, and does it again to its end. Gives how many steps it takes. */
  async killed(kind: StoreKind, shardBytes: number, every = 1): Promise<number> {
    let steps = 0;
    while (await this.#killAfter(steps, this.#openPlace(kind, `${steps}/`), shardBytes)) steps += every;
    return steps;
  }

  /** Has another run of a job done before each of its steps, or before one of `every`. Gives how many steps it takes. */
  async overtaken(kind: StoreKind, shardBytes: number, every = 1): Promise<number> {
    let steps = 0;
    while (await this.#overtakeAt(steps, this.#openPlace(kind, `${steps}/`), shardBytes)) steps += every;
    return steps;
  }

  async check(output: ObjectStore, report: BatchReport): Promise<void> {
    await checkResults(output, report, this.#records);
  }

  /** Runs a job that is killed after so many steps, then again to its end. False where the first run came to its end. */
  async #killAfter(steps: number, output: ObjectStore, shardBytes: number): Promise<boolean> {
    let isDead = false;
    const dying = new SteppedStore(output, async (step) => {
      isDead ||= step >= steps;
      if (isDead) throw new Error('killed');
    });
    const [first] = await Promise.allSettled([this.job(dying, 0, shardBytes).then(runJob)]);
    if (first.status === 'rejected') expect(first.reason).toEqual(new Error('killed'));
    const report = await runJob(await this.job(output, 1, shardBytes));
    expect(report.status).toBe('completed');
    await this.check(output, report);
    return isDead;
  }

  /**
   * Runs a job, and before one of its steps another run of it from its beginning to its end. False where there is no
   * such step.
   */
  async #overtakeAt(place: number, output: ObjectStore, shardBytes: number): Promise<boolean> {
    let other: BatchReport | undefined;
    const overtaken = new SteppedStore(output, async (step) => {
      if (step === place) other = await runJob(await this.job(output, 1, shardBytes));
    });
    const report = await runJob(await this.job(overtaken, 0, shardBytes));
    await this.check(output, report);
    if (other) expect(other).toEqual(report);
    return other !== undefined;
  }

  /** A new place for the files of a job. */
  #openPlace(kind: StoreKind, name: string): ObjectStore {
    const client = new S3Client('models', {
      retries: { attempts: 1, firstPauseMs: 1, longestPauseMs: 1 },
      silenceMs: 5000,
      environment: this.#s3.environment,
    });
    return kind === 'S3' ? new S3ObjectStore(client, name) : new DirectoryObjectStore(join(this.folder, name));
  }
}

/** Fails for some records, which are others at each try. */
function fickle(attempt: number): RunModel {
  return async ([x]) => {
    if (!x || x.datatype === 'BYTES') throw new Error('it is FP32');
    const values = [...new Float32Array(x.data.slice().buffer)];
    if (values.some((value) => (value + attempt) % 3 === 1)) throw new ServiceError(500, `try ${attempt}`);
    return [{ ...x, name: 'y' }];
  };
}
