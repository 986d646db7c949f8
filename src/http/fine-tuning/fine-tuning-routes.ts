import type { ModelJob } from '../../core/model-jobs/model-job.ts';
import { rowsTakenBy } from '../../core/model-jobs/rows-taken.ts';
import { taskNameOf } from '../../core/tasks/task-name-of.ts';
import type { Caller } from '../../ports/caller.ts';
import type { JobAccess } from '../../ports/job-host.ts';
import type { JobRequest } from '../../ports/job-request.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { listObject } from '../batches/list-object.ts';
import { pageOf } from '../batches/page-of.ts';
import { isRetry } from '../is-retry.ts';
import { type AtDesk, atDesk } from '../jobs/at-desk.ts';
import { jsonBody } from '../json-body.ts';
import { jsonResponse } from '../json-response.ts';
import { nameIn } from '../openai/name-in.ts';
import type { Handler, Route } from '../router.ts';
import { fineTuningCheckpoints } from './fine-tuning-checkpoints.ts';
import { fineTuningEvents } from './fine-tuning-events.ts';
import { fineTuningObject } from './fine-tuning-object.ts';
import { hasMetadata } from './has-metadata.ts';
import { readFineTuningRequest } from './read-fine-tuning-request.ts';
import { type KnownModels, takeIn } from './take-in.ts';

const place = '/v1/fine_tuning/jobs';

/**
 * `/v1/fine_tuning/jobs`: jobs of the kind `train` in the shapes of OpenAI's API. They are jobs of `/v1/jobs` too, by
 * the same ids, and all that is told of them is found in the same files.
 */
export function fineTuningRoutes(access: JobAccess | undefined, repository: KnownModels): readonly Route[] {
  const at = atDesk(access, { isMeant: isFineTuning, tellRowsTaken: rowsTakenBy(repository) });
  return [
    ['POST', place, 'jobs', at(createIn(repository))],
    ['GET', place, 'jobs', listIn(access)],
    ['GET', `${place}/:job`, 'jobs', at(findIn(repository))],
    ['POST', `${place}/:job/cancel`, 'jobs', at(cancel)],
    ['GET', `${place}/:job/events`, 'jobs', at(listEvents)],
    ['GET', `${place}/:job/checkpoints`, 'jobs', at(listCheckpoints)],
  ];
}

function isFineTuning({ fineTuning }: ModelJob): boolean {
  return fineTuning !== undefined;
}

function createIn(repository: KnownModels): AtDesk {
  return async (desk, request) => {
    const at = new Date();
    const { job, fineTuning } = readFineTuningRequest(jsonBody(request));
    await checkBase(repository, request.caller, job);
    const asked = { fineTuning, isRetry: isRetry(request) };
    return jsonResponse(fineTuningObject(await desk.create(job, at, asked)));
  };
}

/** Whoever hears that a job is done asks its model next. */
function findIn(repository: KnownModels): AtDesk {
  return async (desk, _request, [id = '']) => {
    const found = await desk.find(id);
    // How far it is can be told all the same.
    for (const { model, version } of found.state.report?.versions ?? [])
      await takeIn(repository, model, version).catch(() => undefined);
    return jsonResponse(fineTuningObject(found));
  };
}

/**
 * Tells at once what would else be the reason of a job that failed. Rejects with ServiceError 403, 404 for a model that
 * there is not, 400 for a version of it that there is not, or one that makes texts.
 */
async function checkBase(repository: KnownModels, caller: Caller | undefined, { source }: JobRequest): Promise<void> {
  if (typeof source !== 'string') return;
  const name = nameIn(source);
  caller?.check('jobs', name);
  await takeIn(repository, name);
  await checkVersion(repository, name, source.slice(name.length + 1));
  if (!repository.versions(name).some((version) => taskNameOf(version) === 'text-generation')) return;
  throw new ServiceError(
    400,
    `'${name}' is a language model, and these are not fine-tuned here: what learns is a classifier, a regression, or a head on a model that gives vectors`,
    { field: 'model' },
  );
}

/** Any version that is stored can be learned from, served or not. */
async function checkVersion(repository: KnownModels, name: string, wanted: string): Promise<void> {
  const isStored = () => {
    const { versions, aliases } = repository.stored(name);
    const meant = Object.hasOwn(aliases, wanted) ? aliases[wanted]?.version : wanted;
    return wanted === '' || versions.some((version) => String(version) === String(meant));
  };
  if (isStored()) return;
  // It may have been stored since the server looked last.
  await repository.takeIn(name);
  if (isStored()) return;
  const { versions, aliases } = repository.stored(name);
  const known = [...versions, ...Object.keys(aliases)].join(', ') || 'none';
  throw new ServiceError(
    400,
    `field 'model': expected a version or an alias of the model '${name}', which has ${known}; got '${wanted.slice(0, 100)}'`,
    { field: 'model' },
  );
}

function listIn(access: JobAccess | undefined): Handler {
  return (request, parameters) => {
    const query = new URLSearchParams(request.query);
    const { after, limit } = pageOf(query, { limit: 20, most: 100 });
    const isWanted = hasMetadata(query);
    const isMeant = (job: ModelJob) => isFineTuning(job) && isWanted(job.fineTuning?.metadata);
    const list: AtDesk = async (desk) => {
      const { jobs, hasMore } = await desk.list(after, limit);
      return jsonResponse(listObject(jobs.map(fineTuningObject), hasMore));
    };
    return atDesk(access, { isMeant })(list)(request, parameters);
  };
}

const listEvents: AtDesk = async (desk, { query }, [id = '']) => {
  const page = pageOf(new URLSearchParams(query), { limit: 20, most: 1000 });
  const found = await desk.find(id);
  const { events, hasMore } = fineTuningEvents(found, await desk.events(id), page);
  return jsonResponse(listObject(events, hasMore));
};

const listCheckpoints: AtDesk = async (desk, { query }, [id = '']) => {
  const { after, limit } = pageOf(new URLSearchParams(query), { limit: 10, most: 1000 });
  const all = fineTuningCheckpoints(await desk.find(id));
  const from = after === undefined ? 0 : all.findIndex((checkpoint) => checkpoint.id === after) + 1;
  if (after !== undefined && from === 0)
    throw new ServiceError(
      400,
      `parameter 'after': expected the id of a checkpoint of ${id}, got '${after.slice(0, 100)}'`,
      { field: 'after' },
    );
  return jsonResponse(listObject(all.slice(from, from + limit), all.length > from + limit));
};

const cancel: AtDesk = async (desk, _request, [id = '']) => {
  const { status, finished_at: at } = fineTuningObject(await desk.find(id));
  // Its word, and not that of /v1/jobs.
  if (at !== null) throw new ServiceError(409, `the job '${id}' is over, and stays as it is: ${status}`);
  return jsonResponse(fineTuningObject(await desk.cancel(id, new Date())));
};
