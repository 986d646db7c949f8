import { BatchDesk } from '../../core/batch-jobs/batch-desk.ts';
import type { BatchAccess } from '../../ports/batch-host.ts';
import { allModels } from '../../ports/caller.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpResponse } from '../http-message.ts';
import { isRetry } from '../is-retry.ts';
import { jsonBody } from '../json-body.ts';
import { jsonResponse } from '../json-response.ts';
import type { Handler, Route } from '../router.ts';
import { batchObject } from './batch-object.ts';
import { batchRequest } from './batch-request.ts';
import { fileObject } from './file-object.ts';
import { filesQuery } from './files-query.ts';
import { listObject } from './list-object.ts';
import { pageOf } from './page-of.ts';
import { uploadedFile } from './uploaded-file.ts';

/**
 * `/v1/files` and `/v1/batches` in the shapes of OpenAI's API, for who may run all models, each their own; 404 in words
 * where the host has no place for them.
 */
export function batchRoutes(access: BatchAccess | undefined): readonly Route[] {
  const at =
    (handle: (desk: BatchDesk, ...call: Parameters<Handler>) => Promise<HttpResponse>): Handler =>
    async (request, parameters) => {
      request.caller?.check('infer', allModels);
      if (access) return handle(new BatchDesk(await access(), request.caller), request, parameters);
      throw new ServiceError(
        404,
        'this server has no place for the files of batches; serve --data <folder> gives it one',
      );
    };
  return [
    ['POST', '/v1/files', 'infer', at(createFile)],
    ['GET', '/v1/files', 'infer', at(listFiles)],
    [
      'GET',
      '/v1/files/:file',
      'infer',
      at(async ({ files }, _request, [id = '']) => jsonResponse(fileObject(await files.find(id)))),
    ],
    ['DELETE', '/v1/files/:file', 'infer', at(deleteFile)],
    ['GET', '/v1/files/:file/content', 'infer', at(fileContent)],
    ['POST', '/v1/batches', 'infer', at(createBatch)],
    ['GET', '/v1/batches', 'infer', at(listBatches)],
    [
      'GET',
      '/v1/batches/:batch',
      'infer',
      at(async (desk, _request, [id = '']) => jsonResponse(batchObject(await desk.find(id)))),
    ],
    [
      'POST',
      '/v1/batches/:batch/cancel',
      'infer',
      at(async (desk, _request, [id = '']) => jsonResponse(batchObject(await desk.cancel(id, new Date())))),
    ],
  ];
}

const createFile = async ({ files, host }: BatchDesk, ...[request]: Parameters<Handler>) => {
  const upload = await uploadedFile(request);
  const { content } = upload;
  if (content.length > host.maxFileBytes) {
    throw new ServiceError(
      413,
      `the file is ${content.length} bytes, more than the ${host.maxFileBytes} of one request; upload it to the URL that POST /v2/uploads gives, where there is one, and name it by its content_ref`,
    );
  }
  return jsonResponse(fileObject(await files.create(upload, new Date())));
};

const listFiles = async ({ files }: BatchDesk, ...[{ query }]: Parameters<Handler>) => {
  const { files: found, hasMore } = await files.list(filesQuery(query));
  return jsonResponse(listObject(found.map(fileObject), hasMore));
};

const deleteFile = async ({ files }: BatchDesk, ...[, [id = '']]: Parameters<Handler>) => {
  await files.remove(id);
  return jsonResponse({ id, object: 'file', deleted: true });
};

/** The content, or the way to where it is: an answer carries less than a file may have. */
const fileContent = async (
  { files, host }: BatchDesk,
  ...[, [id = '']]: Parameters<Handler>
): Promise<HttpResponse> => {
  const { stored } = await files.find(id);
  const link = await host.link(stored.key);
  if (link !== undefined) return { status: 307, headers: ['location', link], body: [] };
  const body: Uint8Array[] = [];
  for await (const piece of host.data.read(stored)) body.push(piece);
  return { status: 200, headers: ['content-type', 'application/octet-stream'], body };
};

const createBatch = async (desk: BatchDesk, ...[request]: Parameters<Handler>) => {
  const asked = batchRequest(jsonBody(request));
  return jsonResponse(batchObject(await desk.create(asked, new Date(), isRetry(request))));
};

const listBatches = async (desk: BatchDesk, ...[{ query }]: Parameters<Handler>) => {
  const { after, limit } = pageOf(new URLSearchParams(query), { limit: 20, most: 100 });
  const { jobs, hasMore } = await desk.list(after, limit);
  return jsonResponse(listObject(jobs.map(batchObject), hasMore));
};
