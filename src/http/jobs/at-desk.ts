import { type DeskOptions, ModelJobDesk } from '../../core/model-jobs/model-job-desk.ts';
import type { JobAccess } from '../../ports/job-host.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpResponse } from '../http-message.ts';
import type { Handler } from '../router.ts';

/** Answers a request at the desk that its caller has for the jobs that it means. */
export type AtDesk = (desk: ModelJobDesk, ...call: Parameters<Handler>) => Promise<HttpResponse>;

/** Handlers of requests about jobs that make models: 404 in words where the host does no such jobs. */
export function atDesk(access: JobAccess | undefined, options?: DeskOptions): (handle: AtDesk) => Handler {
  return (handle) => async (request, parameters) => {
    if (access) return handle(new ModelJobDesk(await access(), request.caller, options), request, parameters);
    throw new ServiceError(
      404,
      'this server makes no models; serve --data <folder> --jobs 1, or jobs in cdk/stages.ts, lets it do so',
    );
  };
}
