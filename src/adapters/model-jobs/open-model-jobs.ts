import { jobCall } from '../../core/model-jobs/job-call.ts';
import type { OnCall } from '../../ports/answered-call.ts';
import type { ServiceLog } from '../service-log.ts';
import { LocalModelJobs, type LocalModelJobsOptions } from './local-model-jobs.ts';

export interface ModelJobsOptions extends Pick<LocalModelJobsOptions, 'data' | 'most' | 'run'> {
  readonly log: ServiceLog;
  /** Hears of each job that ended, as of a call of whoever asked for it. */
  readonly onCall: OnCall;
  /** Serves a model as the repository has it now. */
  readonly serve: (model: string) => Promise<void>;
}

/** Opens the jobs of a server, whose ends its log tells. */
export function openModelJobs({ log, onCall, serve, ...options }: ModelJobsOptions): LocalModelJobs {
  return new LocalModelJobs({
    ...options,
    onMade: async (models) => {
      for (const model of models)
        await serve(model).catch((err) => log.error({ model, err }, 'a job made it, and it could not be taken in'));
    },
    onEnd: (job, report) => {
      const { status, reason, versions, isFault } = report;
      const fields = { job: job.id, kind: job.kind, model: job.model, status, reason, versions };
      if (isFault) log.error(fields, 'a job ended that was to make a model');
      else log.info(fields, 'a job ended that was to make a model');
      onCall(jobCall(job, report));
    },
    onFailure: (job, error) => log.error({ job, err: error }, 'a job that was to make a model has no report'),
  });
}
