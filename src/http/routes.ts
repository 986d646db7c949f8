import type { DataPlane } from '../core/data-plane.ts';
import type { ExplainHost } from '../core/explain/explain-host.ts';
import type { OpenChatTemplate } from '../core/generation/chat-prompt.ts';
import { seenBy } from '../core/seen-by.ts';
import { serverMetadata } from '../core/server-metadata.ts';
import { systemTimers } from '../core/system-timers.ts';
import type { BatchAccess } from '../ports/batch-host.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExchangeAccess } from '../ports/exchange.ts';
import type { JobAccess } from '../ports/job-host.ts';
import { batchRoutes } from './batches/batch-routes.ts';
import { batchesRoute } from './batches-route.ts';
import { type DocsOptions, docsRoutes } from './docs-routes.ts';
import { explainRoutes } from './explain/explain-routes.ts';
import { fineTuningRoutes } from './fine-tuning/fine-tuning-routes.ts';
import { inferRoute } from './infer-route.ts';
import { jobRoutes } from './jobs/job-routes.ts';
import { jsonResponse } from './json-response.ts';
import { keysRoute } from './keys-route.ts';
import { metricsRoute, type ReadMetrics } from './metrics-route.ts';
import { modelRoutes } from './model-routes.ts';
import { embeddingsRoute } from './openai/embeddings-route.ts';
import { modelsRoute } from './openai/models-route.ts';
import { predictRoute } from './predict/predict-route.ts';
import { readyRoute } from './ready-route.ts';
import { releasesRoute } from './releases-route.ts';
import { repositoryRoutes } from './repository-routes.ts';
import { rerankRoute } from './rerank/rerank-route.ts';
import type { Handler, Route } from './router.ts';
import { textRoutes } from './text-routes.ts';
import { uploadRoute } from './upload-route.ts';
import { type ReadUsage, usageRoute } from './usage/usage-route.ts';

/** What a host has beside models; without one of them, its routes say so or are not there. */
export interface HostParts {
  readonly exchange?: ExchangeAccess | undefined;
  readonly batches?: BatchAccess | undefined;
  readonly jobs?: JobAccess | undefined;
  readonly metrics?: ReadMetrics | undefined;
  /** The public keys that payloads may be encrypted to, as a JWK Set. */
  readonly payloadKeys?: (() => Promise<object>) | undefined;
  readonly usage?: ReadUsage | undefined;
  /** Opens chat templates of language models. */
  readonly openChatTemplate?: OpenChatTemplate | undefined;
  /** What explanations take beside the models themselves. */
  readonly explain?: Omit<ExplainHost, 'dataPlane'> | undefined;
  /** Routes of this host's own, some of which run models by `infer`, or tell readiness by `ready`. */
  readonly more?: ((dataPlane: DataPlane, infer: Handler, ready: Handler) => readonly Route[]) | undefined;
}

/**
 * The Open Inference Protocol v2 with Triton's extensions, as the specification's own table has it, and what the host
 * has beside.
 */
export function routes(
  dataPlane: DataPlane,
  clock: Clock,
  docs: DocsOptions,
  { exchange, batches, jobs, metrics, usage, payloadKeys, openChatTemplate, explain, more }: HostParts = {},
): readonly Route[] {
  const { limits, version: serverVersion } = docs;
  const { repository } = dataPlane;
  const model = modelRoutes(dataPlane);
  const control = repositoryRoutes(repository);
  const batchesOf = batchesRoute(repository);
  const ready = readyRoute(repository, docs.needsKey ?? false);
  const infer = inferRoute(dataPlane, limits, clock, exchange);
  const predict = predictRoute(dataPlane, clock, limits, exchange);
  const rerank = rerankRoute(dataPlane, clock, limits);
  const openAiModels = modelsRoute(repository);
  return [
    ['GET', '/v2', 'any', () => jsonResponse(serverMetadata(serverVersion))],
    ['GET', '/v2/health/live', 'open', () => jsonResponse({ live: true })],
    ['GET', '/v2/health/ready', 'open', ready],
    ['GET', '/v2/models', 'read', ({ caller }) => jsonResponse({ models: seenBy(caller, repository.listed()) })],
    ['GET', '/v2/models/stats', 'read', model.statistics],
    ['GET', '/v2/models/:model', 'read', model.metadata],
    ['GET', '/v2/models/:model/ready', 'read', model.ready],
    ['GET', '/v2/models/:model/config', 'read', model.config],
    ['GET', '/v2/models/:model/stats', 'read', model.statistics],
    ['GET', '/v2/models/:model/batches', 'read', batchesOf],
    ['GET', '/v2/models/:model/releases', 'read', releasesRoute(dataPlane)],
    ['POST', '/v2/models/:model/infer', 'infer', infer],
    ['GET', '/v2/models/:model/versions/:version', 'read', model.metadata],
    ['GET', '/v2/models/:model/versions/:version/ready', 'read', model.ready],
    ['GET', '/v2/models/:model/versions/:version/config', 'read', model.config],
    ['GET', '/v2/models/:model/versions/:version/stats', 'read', model.statistics],
    ['GET', '/v2/models/:model/versions/:version/batches', 'read', batchesOf],
    ['POST', '/v2/models/:model/versions/:version/infer', 'infer', infer],
    ['GET', '/v1/models', 'read', openAiModels.list],
    ['GET', '/v1/models/:id', 'read', openAiModels.one],
    ['POST', '/v1/embeddings', 'infer', embeddingsRoute(dataPlane, clock, limits)],
    ['POST', '/v1/rerank', 'infer', rerank],
    ['POST', '/v2/rerank', 'infer', rerank],
    ['POST', '/rerank', 'infer', rerank],
    ['POST', '/v1/predict/:model', 'infer', predict],
    ['POST', '/v1/predict/:model/versions/:version', 'infer', predict],
    ...(explain ? explainRoutes({ ...explain, dataPlane, clock, limits, exchange }) : []),
    ...(openChatTemplate ? textRoutes({ dataPlane, clock, timers: systemTimers }, openChatTemplate) : []),
    ['POST', '/v2/uploads', 'infer', uploadRoute(exchange)],
    ...batchRoutes(batches),
    ...jobRoutes(jobs, repository),
    ...fineTuningRoutes(jobs, repository),
    ['POST', '/v2/repository/index', 'read', control.index],
    ['POST', '/v2/repository/models/:model/load', 'admin', control.load],
    ['POST', '/v2/repository/models/:model/unload', 'admin', control.unload],
    ...(payloadKeys ? [keysRoute(payloadKeys)] : []),
    ...(metrics ? [metricsRoute(metrics)] : []),
    ...(usage ? [usageRoute(usage)] : []),
    ...(more ? more(dataPlane, infer, ready) : []),
    ...docsRoutes(dataPlane, docs),
  ];
}
