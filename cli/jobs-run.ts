import { Argument, Command } from 'commander';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import { findModelJob } from '../src/core/model-jobs/find-model-job.ts';
import { gpuDeviceOption } from './gpu-device-option.ts';
import type { GpuChoice } from './gpu-of.ts';
import { jobRunner } from './job-runner.ts';
import { modelsOption } from './models-option.ts';
import { trainingProvidersOption } from './training-providers-option.ts';

interface RunOptions extends GpuChoice {
  readonly data: string;
  readonly models: string;
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
      const { status, reason } = await jobRunner(models, choice)(job, data, stopped.signal);
      console.error(reason === undefined ? status : `${status}: ${reason}`);
    });
}
