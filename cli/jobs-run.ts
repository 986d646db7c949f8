import { Argument, Command } from 'commander';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import { writeJson } from '../src/core/batch/write-json.ts';
import { endModelJob } from '../src/core/model-jobs/end-model-job.ts';
import { findModelJob } from '../src/core/model-jobs/find-model-job.ts';
import { mayGoOn } from '../src/core/model-jobs/job-checkpoints.ts';
import type { JobReport } from '../src/core/model-jobs/job-report.ts';
import type { ModelJob } from '../src/core/model-jobs/model-job.ts';
import { containerFile, runFiles } from '../src/core/model-jobs/run-files.ts';
import type { RewritableStore } from '../src/ports/object-store.ts';
import { gpuDeviceOption } from './gpu-device-option.ts';
import type { GpuChoice } from './gpu-of.ts';
import { jobRunner } from './job-runner.ts';
import { leftStatus } from './left-status.ts';
import { modelsOption } from './models-option.ts';
import { trainingProvidersOption } from './training-providers-option.ts';

interface RunOptions extends GpuChoice {
  readonly data: string;
  readonly models: string;
}

/**
 * Does a job, but for one whose container ended without its report and that has kept nothing to go on from: that has
 * failed, as what it stored is not known.
 */
async function begunOnce(
  job: ModelJob,
  data: RewritableStore,
  run: () => Promise<JobReport | undefined>,
): Promise<JobReport | undefined> {
  const output = runFiles(data, job.id);
  const { isNew } = await writeJson(output, containerFile, { at: new Date().toISOString() });
  if (isNew || (await mayGoOn(data, job))) return run();
  const reason =
    'its container was lost, or could not store how it ended, and nothing was kept from which it could go on: it may need more memory; what it stored before is in the repository';
  return endModelJob(output, job, { status: 'failed', reason, isFault: true, versions: [] }, new Date());
}

/** `tensorgate jobs run`: what a container of a deployment does. */
export function jobsRunCommand(): Command {
  return new Command('run')
    .description('do a job of a deployment that was begun; its containers run this')
    .addArgument(new Argument('[id]', 'its id').default(process.env.TENSORGATE_JOB, 'that of TENSORGATE_JOB'))
    .requiredOption('--data <uri>', 'the data bucket, as s3://<bucket>')
    .addOption(modelsOption())
    .addOption(trainingProvidersOption())
    .addOption(gpuDeviceOption())
    .action(async (id: string, { data: uri, models, ...choice }: RunOptions) => {
      const data = openS3ObjectStore(uri);
      const job = await findModelJob(data, id);
      if (!job) throw new Error(`there is no job '${id}' in ${uri}`);
      const stopped = new AbortController();
      // ECS says so before it ends a task.
      process.once('SIGTERM', () => stopped.abort(new Error('its container was stopped')));
      const report = await begunOnce(job, data, () => jobRunner(models, uri, choice)(job, data, stopped.signal));
      if (!report) {
        console.error('it goes on from where it was kept, in another container');
        process.exitCode = leftStatus;
        return;
      }
      const { status, reason } = report;
      console.error(reason === undefined ? status : `${status}: ${reason}`);
    });
}
