import { fileURLToPath } from 'node:url';
import { absolutePlace } from '../src/adapters/absolute-place.ts';
import type { RunJob } from '../src/adapters/model-jobs/local-model-jobs.ts';
import { placeOf } from '../src/adapters/place-of.ts';
import { checkpointsPlace } from '../src/core/model-jobs/checkpoints-place.ts';
import type { GpuChoice } from './gpu-of.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/**
 * Does jobs that make models of the repository at `models`, each by this command in a process of its own.
 *
 * @param store where their files are: a path, or a URI
 * @param choice what runs models, of commands that can use a GPU
 */
export function jobRunner(models: string, store: string, { executionProviders, gpuDevice }: GpuChoice): RunJob {
  const place = {
    providers: executionProviders.join(','),
    gpuDevice,
    models: absolutePlace(placeOf(models)),
    program: [process.execPath, main],
  };
  const kept = absolutePlace(placeOf(store)).replace(/\/+$/, '');
  return async (job, data, signal, holder) => {
    const { runJob } = await import('./run-job.ts');
    const keeps = checkpointsPlace(job);
    const checkpoints = keeps === undefined ? undefined : `${kept}/${keeps}`;
    return runJob(job, { ...place, data, checkpoints, holder }, signal);
  };
}
