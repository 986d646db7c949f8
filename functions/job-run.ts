import { fileURLToPath } from 'node:url';
import type { Context } from 'aws-lambda';
import { endWithLauncher } from '../cli/end-with-launcher.ts';
import { modelCommands } from '../cli/model-commands.ts';
import { runJob } from '../cli/run-job.ts';
import { runProgram } from '../cli/run-program.ts';
import { takeConversion } from '../src/adapters/model-jobs/take-conversion.ts';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import { findModelJob } from '../src/core/model-jobs/find-model-job.ts';
import { jobCall } from '../src/core/model-jobs/job-call.ts';
import type { ModelJob } from '../src/core/model-jobs/model-job.ts';
import { needed } from './needed.ts';
import { openRecords } from './open-records.ts';
import { readEnvironment } from './read-environment.ts';
import { stepLimit } from './step-limit.ts';

const own = fileURLToPath(import.meta.url);

// A job is a command in a process of its own, which this same file is the program of: killed or out of memory, it leaves who writes its report.
if (process.argv[1] === own) {
  endWithLauncher();
  void runProgram(modelCommands);
}

/** Does a job that was begun. Rejects where it cannot be done; what came of it is in its report. */
export async function handler({ job: id }: { readonly job: string }, context: Context): Promise<void> {
  const environment = readEnvironment(process.env);
  const data = openS3ObjectStore(needed('TENSORGATE_DATA'));
  const records = openRecords(environment);
  const job = await findModelJob(data, id);
  if (!job) throw new Error(`there is no job '${id}'`);
  const limit = stepLimit(context, 'the job');
  const bring = (begun: ModelJob, folder: string) => takeConversion(data, begun, folder);
  const place = { data, models: environment.models, program: [process.execPath, own], bring };
  try {
    const report = await runJob(job, place, limit.signal);
    records?.onCall(jobCall(job, report));
  } finally {
    limit.end();
    await records?.flush();
  }
}
