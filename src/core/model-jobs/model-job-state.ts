import type { ObjectStore } from '../../ports/object-store.ts';
import { reportFile } from '../batch/finish-job.ts';
import { readJson } from '../batch/read-json.ts';
import { cancelFile } from '../batch-jobs/cancel-file.ts';
import type { JobReport } from './job-report.ts';
import { eventsFile, type JobEvents, type JobStart, startedFile } from './run-files.ts';

/** How far a job came. */
export interface ModelJobState {
  readonly status: 'queued' | 'running' | 'cancelling' | JobReport['status'];
  /** Absent before it was begun. */
  readonly start?: JobStart;
  /** What it said last. */
  readonly progress?: string;
  /** What it ended with. */
  readonly report?: JobReport;
}

/** Tells how far a job came by the files that it has; `output` has them. */
export async function modelJobState(output: ObjectStore): Promise<ModelJobState> {
  const [report, start, said, cancelled] = await Promise.all([
    readJson<JobReport>(output, reportFile),
    readJson<JobStart>(output, startedFile),
    readJson<JobEvents>(output, eventsFile),
    output.find(cancelFile),
  ]);
  const progress = said?.events.at(-1)?.message;
  const under = cancelled ? 'cancelling' : start ? 'running' : 'queued';
  return {
    status: report?.status ?? under,
    ...(start && { start }),
    ...(progress !== undefined && { progress }),
    ...(report && { report }),
  };
}
