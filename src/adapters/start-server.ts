import { readFile } from 'node:fs/promises';
import pino from 'pino';
import packageJson from '../../package.json' with { type: 'json' };
import { DataPlane } from '../core/data-plane.ts';
import { ModelRepository } from '../core/model-repository.ts';
import { RunQueue } from '../core/run-queue.ts';
import { SessionCache } from '../core/session-cache.ts';
import { Router } from '../http/router.ts';
import { routes } from '../http/routes.ts';
import type { Limits } from '../settings.ts';
import { docsAssets } from './docs-assets.ts';
import { NodeServer } from './node-server/node-server.ts';
import { openModelStore } from './open-model-store.ts';
import { openSessionWith } from './open-session.ts';
import { ProblemLog } from './problem-log.ts';

export interface ServerOptions {
  readonly models: string;
  readonly host: string;
  readonly port: number;
  readonly basePath: string;
  readonly concurrency: number;
  readonly intraOpThreads: number;
  readonly memoryBudget: number;
  readonly limits: Limits;
  readonly watch: boolean;
  readonly engine: 'auto' | 'native' | 'binding';
  readonly logLevel: string;
}

export interface RunningServer {
  readonly url: string;
  readonly dataPlane: DataPlane;
  /** Stops accepting, answers what is in flight, within `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * Puts the parts together and listens; models load meanwhile, and readiness tells when they have.
 * Rejects where the address cannot be had, or the model repository cannot be read.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const log = pino({ level: options.logLevel }, pino.destination(2));
  const clock = { now: () => performance.now() };
  const store = openModelStore(options.models);
  const sessions = new SessionCache(store, openSessionWith(options.engine), clock, {
    maxBytes: options.memoryBudget,
    intraOpThreads: options.intraOpThreads,
    onLoadFailed: ({ name, version }, error) => log.error({ err: error, model: name, version }, 'a model did not load'),
  });
  const repository = new ModelRepository(store, sessions);
  const dataPlane = new DataPlane(
    repository,
    sessions,
    new RunQueue(options.concurrency, options.limits.maxConcurrentRequests),
    clock,
  );
  const { limits, basePath } = options;
  const docs = { version: packageJson.version, basePath, limits, readAsset };
  const router = new Router(routes(dataPlane, clock, docs), limits.maxNameLength);
  const server = new NodeServer((request) => router.handle(request), {
    limits,
    basePath,
    onAnswer: (request, status, error) => {
      if (status === 500) log.error({ ...request, status, err: error }, 'request failed');
      else if (log.isLevelEnabled('debug')) log.debug({ ...request, status, err: error });
    },
  });
  const url = await server.listen(options.port, options.host);
  const problems = new ProblemLog((problem, message) => log.warn(problem, message));
  const refresh = async () => {
    await repository.refresh();
    problems.update(repository.problems());
  };
  try {
    await refresh();
  } catch (error) {
    await server.close(0);
    throw error;
  }
  if (repository.names().length === 0) log.warn(`no models in ${options.models}; tensorgate push adds one`);
  const refreshAgain = () =>
    refresh().catch((error) =>
      log.error({ err: error }, 'the model repository could not be read; what is loaded stays'),
    );
  const unwatch = options.watch ? store.watch(() => void refreshAgain()) : () => undefined;
  return {
    url: url + options.basePath,
    dataPlane,
    close: async (graceMs) => {
      unwatch();
      await server.close(graceMs);
    },
  };
}

async function readAsset(name: string) {
  const asset = docsAssets().get(name);
  return asset && { contentType: asset.contentType, body: await readFile(asset.path) };
}
