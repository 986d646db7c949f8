import { rowsTakenBy } from '../../core/model-jobs/rows-taken.ts';
import type { JobAccess } from '../../ports/job-host.ts';
import { listObject } from '../batches/list-object.ts';
import { pageOf } from '../batches/page-of.ts';
import type { KnownModels } from '../fine-tuning/take-in.ts';
import { jsonBody } from '../json-body.ts';
import { jsonResponse } from '../json-response.ts';
import type { Route } from '../router.ts';
import { type AtDesk, atDesk } from './at-desk.ts';
import { jobObject } from './job-object.ts';

/**
 * `/v1/jobs`: models that are made of others, for who may have that done; 404 in words where the host does no such
 * jobs.
 */
export function jobRoutes(access: JobAccess | undefined, repository: KnownModels): readonly Route[] {
  const at = atDesk(access, { tellRowsTaken: rowsTakenBy(repository) });
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

const listJobs: AtDesk = async (desk, { query }) => {
  const { after, limit } = pageOf(new URLSearchParams(query), { limit: 20, most: 100 });
  const { jobs, hasMore } = await desk.list(after, limit);
  return jsonResponse(listObject(jobs.map(jobObject), hasMore));
};

const jobEvents: AtDesk = async (desk, _request, [id = '']) => {
  const { events, dropped } = await desk.events(id);
  const data = events.map(({ at, message }, index) => ({
    id: `${id}-${dropped + index + 1}`,
    object: 'model.job.event',
    created_at: at,
    message,
  }));
  return jsonResponse(listObject(data, false));
};
