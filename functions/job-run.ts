import { fileURLToPath } from 'node:url';
import type { Context } from 'aws-lambda';
import { endWithLauncher } from '../cli/end-with-launcher.ts';
import { modelCommands } from '../cli/model-commands.ts';
import { runJob } from '../cli/run-job.ts';
import { runProgram } from '../cli/run-program.ts';
import { openFolder } from '../src/adapters/batch/open-folder.ts';
import { takeConversion } from '../src/adapters/model-jobs/take-conversion.ts';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import { findModelJob } from '../src/core/model-jobs/find-model-job.ts';
import { jobCall } from '../src/core/model-jobs/job-call.ts';
import type { ModelJob } from '../src/core/model-jobs/model-job.ts';
import { roundsPlace } from '../src/core/model-jobs/rounds-place.ts';
import type { NextRound } from '../src/core/training-rounds/next-round.ts';
import { resumeRounds } from '../src/core/training-rounds/resume-rounds.ts';
import { needed } from './needed.ts';
import { openRecords } from './open-records.ts';
import { readEnvironment } from './read-environment.ts';
import { stepLimit } from './step-limit.ts';

const own = fileURLToPath(import.meta.url);

// A job is a command in a process of its own, which this same file is the program of: killed or out of memory, it
// leaves who writes its report.
if (process.argv[1] === own) {
  endWithLauncher();
  void runProgram(modelCommands);
}

/** What the state machine goes by: `ended` where the job has its report. */
export type RunOutcome = NextRound | { readonly state: 'ended' };

/**
 * Does a job that was begun. Rejects where it cannot be done; what came of it is in its report. A training by several
 * workers is left to these, and stored the second time.
 */
export async function handler({ job: id }: { readonly job: string }, context: Context): Promise<RunOutcome> {
  const environment = readEnvironment(process.env);
  const data = openS3ObjectStore(needed('TENSORGATE_DATA'));
  const records = openRecords(environment);
  const job = await findModelJob(data, id);
  if (!job) throw new Error(`there is no job '${id}'`);
  const limit = stepLimit(context, 'the job');
  const bring = (begun: ModelJob, folder: string) => takeConversion(data, begun, folder);
  const lying = roundsPlace(job);
  const rounds = lying === undefined ? undefined : `${needed('TENSORGATE_DATA')}/${lying}`;
  const place = { data, models: environment.models, program: [process.execPath, own], bring, rounds };
  try {
    const report = await runJob(job, place, limit.signal);
    const begun = report || rounds === undefined ? undefined : await resumeRounds(openFolder(rounds));
    if (report) records?.onCall(jobCall(job, report));
    return begun?.next ?? { state: 'ended' };
  } finally {
    limit.end();
    await records?.flush();
  }
}
