import { ModelJobDesk } from '../../core/model-jobs/model-job-desk.ts';
import type { JobAccess } from '../../ports/job-host.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { listObject } from '../batches/list-object.ts';
import { pageOf } from '../batches/page-of.ts';
import type { HttpResponse } from '../http-message.ts';
import { jsonBody } from '../json-body.ts';
import { jsonResponse } from '../json-response.ts';
import type { Handler, Route } from '../router.ts';
import { jobObject } from './job-object.ts';

/** `/v1/jobs`: models that are made of others, for who may have that done; 404 in words where the host does no such jobs. */
export function jobRoutes(access: JobAccess | undefined): readonly Route[] {
  const at =
    (handle: (desk: ModelJobDesk, ...call: Parameters<Handler>) => Promise<HttpResponse>): Handler =>
    async (request, parameters) => {
      if (access) return handle(new ModelJobDesk(await access(), request.caller), request, parameters);
      throw new ServiceError(
        404,
        'this server makes no models; serve --data <folder> --jobs 1, or jobs in cdk/stages.ts, lets it do so',
      );
    };
  return [
    [
      'POST',
      '/v1/jobs',
      'jobs',
      at(async (desk, request) => jsonResponse(jobObject(await desk.create(jsonBody(request), new Date())))),
    ],
    ['GET', '/v1/jobs', 'jobs', at(listJobs)],
    [
      'GET',
      '/v1/jobs/:job',
      'jobs',
      at(async (desk, _request, [id = '']) => jsonResponse(jobObject(await desk.find(id)))),
    ],
    ['GET', '/v1/jobs/:job/events', 'jobs', at(jobEvents)],
    [
      'POST',
      '/v1/jobs/:job/cancel',
      'jobs',
      at(async (desk, _request, [id = '']) => jsonResponse(jobObject(await desk.cancel(id, new Date())))),
    ],
  ];
}

const listJobs = async (desk: ModelJobDesk, ...[{ query }]: Parameters<Handler>) => {
  const { after, limit } = pageOf(new URLSearchParams(query), { limit: 20, most: 100 });
  const { jobs, hasMore } = await desk.list(after, limit);
  return jsonResponse(listObject(jobs.map(jobObject), hasMore));
};

const jobEvents = async (desk: ModelJobDesk, ...[, [id = '']]: Parameters<Handler>) => {
  const { events, dropped } = await desk.events(id);
  const data = events.map(({ at, message }, index) => ({
    id: `${id}-${dropped + index + 1}`,
    object: 'model.job.event',
    created_at: at,
    message,
  }));
  return jsonResponse(listObject(data, false));
};
