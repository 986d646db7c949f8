import { readFile } from 'node:fs/promises';
import packageJson from '../../package.json' with { type: 'json' };
import { DataPlane } from '../core/data-plane.ts';
import { ModelRepository } from '../core/model-repository.ts';
import { RunQueue } from '../core/run-queue.ts';
import { SessionCache, type SessionCacheOptions } from '../core/session-cache.ts';
import type { HttpRequest, HttpResponse } from '../http/http-message.ts';
import { Router } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import type { BatchAccess } from '../ports/batch-host.ts';
import type { ExchangeAccess } from '../ports/exchange.ts';
import type { ModelStore } from '../ports/model-store.ts';
import type { Limits } from '../settings.ts';
import { docsAssets } from './docs-assets.ts';
import { loadLog } from './load-log.ts';
import { nearestWord } from './nearest-word.ts';
import { type Engine, openSessionWith } from './open-session.ts';
import { ProblemLog } from './problem-log.ts';
import type { ServiceLog } from './service-log.ts';

export interface ServiceOptions {
  readonly store: ModelStore;
  /** Passes on what is too large for a request or an answer. @default none */
  readonly exchange?: ExchangeAccess | undefined;
  /** Where batch jobs are asked for. @default none */
  readonly batches?: BatchAccess | undefined;
  /** Prefix of all paths as callers see them. */
  readonly basePath: string;
  /** Runs of models at once. */
  readonly concurrency: number;
  /** Threads of one run. */
  readonly intraOpThreads: number;
  /** Milliseconds after which a run that has not ended is given up. @default 0: never */
  readonly runTimeoutMs?: number;
  /** Bytes of model files kept loaded. */
  readonly memoryBudget: number;
  readonly limits: Limits;
  readonly engine: Engine;
  readonly log: ServiceLog;
  /** Hears of every version that begins to serve, and in which form. */
  readonly onLoaded?: SessionCacheOptions['onLoaded'];
}

/** The service without a host: what answers requests, wherever they come from. */
export interface Service {
  readonly dataPlane: DataPlane;
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Takes in what the store has now. Rejects where it cannot be read. */
  refresh(): Promise<void>;
  /** Lets go of models that are not in use, the one used longest ago first, until `isEnough`. */
  releaseIdle(isEnough: () => boolean): Promise<void>;
}

/** Puts store, sessions, data plane and routes together. */
export function createService(options: ServiceOptions): Service {
  const { store, exchange, batches, basePath, limits, log } = options;
  const clock = { now: () => performance.now() };
  const logs = loadLog(log);
  const sessions = new SessionCache(store, openSessionWith(options.engine), clock, {
    maxBytes: options.memoryBudget,
    intraOpThreads: options.intraOpThreads,
    ...logs,
    onLoaded: (version, report) => {
      logs.onLoaded(version, report);
      options.onLoaded?.(version, report);
    },
  });
  const repository = new ModelRepository(store, sessions, nearestWord);
  const queue = new RunQueue(options.concurrency, limits.maxConcurrentRequests);
  const dataPlane = new DataPlane(repository, sessions, queue, clock, {
    watchdog: {
      runTimeoutMs: options.runTimeoutMs ?? 0,
      onStalled: ({ name, version }, message) => log.error({ model: name, version }, message),
    },
  });
  const maxUploadBytes = exchange?.maxUploadBytes;
  const docs = {
    version: packageJson.version,
    basePath,
    limits,
    maxUploadBytes,
    hasBatches: batches !== undefined,
    readAsset,
  };
  const router = new Router(routes(dataPlane, clock, docs, exchange, batches), limits.maxNameLength);
  const problems = new ProblemLog((problem, message) => log.warn(problem, message));
  return {
    dataPlane,
    handle: (request) => router.handle(request),
    refresh: async () => {
      await repository.refresh();
      problems.update(repository.problems());
    },
    releaseIdle: (isEnough) => sessions.releaseIdle(isEnough),
  };
}

async function readAsset(name: string) {
  const asset = docsAssets().get(name);
  return asset && { contentType: asset.contentType, body: await readFile(asset.path) };
}
