import pino, { type Logger } from 'pino';
import type { DataPlane } from '../core/data-plane.ts';
import type { Limits } from '../settings.ts';
import { LocalBatches } from './batch/local-batches.ts';
import { createService, type ServiceOptions } from './create-service.ts';
import { checkWritable } from './directory-object-store/check-writable.ts';
import { DirectoryObjectStore } from './directory-object-store/directory-object-store.ts';
import { readMetrics } from './metrics/read-metrics.ts';
import { NodeServer } from './node-server/node-server.ts';
import { openServerStore } from './open-server-store.ts';
import type { ServiceLog } from './service-log.ts';
import { traceHttp } from './tracing/trace-http.ts';

// By then a load balancer has asked for the readiness, or was told by whoever ends the server.
const longestDrainMs = 5000;

export interface ServerOptions
  extends Omit<ServiceOptions, 'store' | 'exchange' | 'batches' | 'metrics' | 'mounts' | 'needsKey' | 'log'> {
  readonly models: string;
  /** Folder for the files of batch jobs. @default none: no batch jobs */
  readonly data?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly watch: boolean;
  /** Keep SageMaker's contract with a container; without a repository, all models are those that it brings. @default none */
  readonly sagemaker?: { readonly hasRepository: boolean } | undefined;
  /** File of the API keys that callers need one of. @default none: whoever reaches the server may call */
  readonly apiKeys?: string | undefined;
  /** URL of the collector that traces are sent to, by OTLP over HTTP. @default none: no traces */
  readonly otlpEndpoint?: string | undefined;
  /** Hears of the server as soon as it listens, while its models load. @default nobody */
  readonly onListening?: (server: RunningServer) => void;
  /** Keep forms of models that are prepared for this machine in the cache of this disk, for the next start. */
  readonly prepare: boolean;
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
  const { store, mounts, preparer, onLoaded } = await openServerStore(options, log);
  const batches = options.data === undefined ? undefined : localBatches(options.data, options.limits, log);
  const access = batches && (async () => batches);
  const keys = options.apiKeys === undefined ? undefined : await openKeys(options.apiKeys, log);
  const tracer = options.otlpEndpoint === undefined ? undefined : await openTracer(options.otlpEndpoint, log);
  const answers = new Map<number, number>();
  const metrics = readMetrics({ memoryBudget: options.memoryBudget, http: { answers, inHand: () => server.inHand } });
  const parts = { store, mounts, batches: access, metrics, needsKey: keys !== undefined, log, onLoaded };
  const { dataPlane, handle, admit, routeOf, refresh } = createService({ ...options, ...parts });
  const server = new NodeServer(handle, {
    limits: options.limits,
    basePath: options.basePath,
    admit: keys && ((request) => admit(request, keys.authorize)),
    trace: tracer && traceHttp(tracer, routeOf),
    onAnswer: (request, status, error) => {
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status === 500) log.error({ ...request, status, err: error }, 'request failed');
      else if (log.isLevelEnabled('debug')) log.debug({ ...request, status, err: error });
    },
  });
  const url = await server.listen(options.port, options.host);
  let unwatch = () => {};
  const running: RunningServer = {
    url: url + options.basePath,
    dataPlane,
    close: async (graceMs) => {
      log.info({ graceMs }, 'stopping: requests under way are answered first');
      unwatch();
      keys?.close();
      await Promise.all([stop(server, graceMs), batches?.stop(), preparer?.close()]);
      await tracer?.close();
      log.info('stopped');
    },
  };
  options.onListening?.(running);
  try {
    await refresh();
  } catch (error) {
    await server.close(0);
    throw error;
  }
  await batches?.start(handle);
  preparer?.start();
  if (mounts?.hasRepository !== false && dataPlane.repository.names().length === 0)
    log.warn(`no models in ${options.models}; tensorgate push adds one`);
  const refreshAgain = () =>
    refresh().catch((error) =>
      log.error({ err: error }, 'the model repository could not be read; what is loaded stays'),
    );
  if (options.watch) unwatch = store.watch(() => void refreshAgain());
  return running;
}

/** Ends the server within `graceMs`, of which the first part is for whoever sends requests here to learn of it. */
async function stop(server: NodeServer, graceMs: number): Promise<void> {
  const started = performance.now();
  await server.drain(Math.min(graceMs / 2, longestDrainMs));
  await server.close(graceMs - (performance.now() - started));
}

function localBatches(folder: string, { maxBodyBytes }: Limits, log: Logger): LocalBatches {
  checkWritable(folder);
  return new LocalBatches({
    data: new DirectoryObjectStore(folder),
    maxFileBytes: maxBodyBytes,
    onFailure: (job, error) => log.error({ job, err: error }, 'the batch job failed'),
  });
}

async function openKeys(path: string, log: ServiceLog) {
  const { watchKeys } = await import('./api-keys/watch-keys.ts');
  return watchKeys(path, log);
}

async function openTracer(endpoint: string, log: ServiceLog) {
  const { OtlpTracer } = await import('./tracing/otlp-tracer.ts');
  return new OtlpTracer(endpoint, process.env, log);
}
