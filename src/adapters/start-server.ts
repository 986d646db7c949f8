import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import type { DataPlane } from '../core/data-plane.ts';
import type { Limits } from '../settings.ts';
import { LocalBatches } from './batch/local-batches.ts';
import { createService, type ServiceOptions } from './create-service.ts';
import { checkWritable } from './directory-object-store/check-writable.ts';
import { DirectoryObjectStore } from './directory-object-store/directory-object-store.ts';
import type { GrpcServer } from './grpc-server/grpc-server.ts';
import { NodeServer } from './node-server/node-server.ts';
import { openGrpcServer } from './open-grpc-server.ts';
import { openModelStore } from './open-model-store.ts';
import { BackgroundPreparer } from './prepared/background-preparer.ts';
import { keepPreparedHere } from './prepared/keep-prepared-here.ts';
import { PreparedCache } from './prepared/prepared-cache.ts';
import { readCertificate } from './read-certificate.ts';
import { RequestsInHand } from './requests-in-hand.ts';
import { defaultCacheFolder } from './s3-model-store/default-cache-folder.ts';
import type { ServiceLog } from './service-log.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

export interface ServerOptions extends Omit<ServiceOptions, 'store' | 'exchange' | 'batches' | 'log'> {
  readonly models: string;
  /** Folder for the files of batch jobs. @default none: no batch jobs */
  readonly data?: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Port of gRPC; 0 picks a free one. @default none: no gRPC */
  readonly grpcPort?: number | undefined;
  /** Files of a certificate, with its chain, and its key, in PEM, for all ports. @default none: not over TLS */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly watch: boolean;
  /** Keep forms of models that are prepared for this machine in the cache of this disk, for the next start. */
  readonly prepare: boolean;
  readonly logLevel: string;
}

export interface RunningServer {
  readonly url: string;
  /** Address and port of gRPC. */
  readonly grpcAddress?: string;
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
  const { store, preparer } = openStore(options, log);
  const onLoaded: ServiceOptions['onLoaded'] = (version, report) => preparer?.loaded(version, report);
  const batches = options.data === undefined ? undefined : localBatches(options.data, options.limits, log);
  const access = batches && (async () => batches);
  const { dataPlane, handle, refresh } = createService({ ...options, store, batches: access, log, onLoaded });
  const shared = {
    limits: options.limits,
    inHand: new RequestsInHand(options.limits),
    certificate: options.tls && (await readCertificate(options.tls.cert, options.tls.key)),
  };
  const server = new NodeServer(handle, {
    ...shared,
    basePath: options.basePath,
    onAnswer: (request, status, error) => {
      if (status === 500) log.error({ ...request, status, err: error }, 'request failed');
      else if (log.isLevelEnabled('debug')) log.debug({ ...request, status, err: error });
    },
  });
  const grpc = options.grpcPort === undefined ? undefined : await openGrpcServer(dataPlane, shared, log);
  const addresses = await listen(server, grpc, options);
  try {
    await refresh();
  } catch (error) {
    await Promise.all([server.close(0), grpc?.close(0)]);
    throw error;
  }
  await batches?.start(handle);
  preparer?.start();
  if (dataPlane.repository.names().length === 0) log.warn(`no models in ${options.models}; tensorgate push adds one`);
  const refreshAgain = () =>
    refresh().catch((error) =>
      log.error({ err: error }, 'the model repository could not be read; what is loaded stays'),
    );
  const unwatch = options.watch ? store.watch(() => void refreshAgain()) : () => undefined;
  return {
    ...addresses,
    dataPlane,
    close: async (graceMs) => {
      log.info({ graceMs }, 'stopping: requests under way are answered first');
      unwatch();
      await Promise.all([server.close(graceMs), grpc?.close(graceMs), batches?.stop(), preparer?.close()]);
      log.info('stopped');
    },
  };
}

/** Listens with both, or with neither. */
async function listen(
  server: NodeServer,
  grpc: GrpcServer | undefined,
  { port, grpcPort = 0, host, basePath }: ServerOptions,
): Promise<Pick<RunningServer, 'url' | 'grpcAddress'>> {
  const url = (await server.listen(port, host)) + basePath;
  if (!grpc) return { url };
  try {
    return { url, grpcAddress: await grpc.listen(grpcPort, host) };
  } catch (error) {
    await Promise.all([server.close(0), grpc.close(0)]);
    throw error;
  }
}

function localBatches(folder: string, { maxBodyBytes }: Limits, log: Logger): LocalBatches {
  checkWritable(folder);
  return new LocalBatches({
    data: new DirectoryObjectStore(folder),
    maxFileBytes: maxBodyBytes,
    onFailure: (job, error) => log.error({ job, err: error }, 'the batch job failed'),
  });
}

/** The model repository, and what prepares forms of its models for this machine, where that is wanted. */
function openStore({ models, prepare, engine }: ServerOptions, log: ServiceLog) {
  const repository = openModelStore(models);
  // Only ONNX Runtime's C API writes prepared forms.
  if (!prepare || engine === 'binding') return { store: repository, preparer: undefined };
  const cacheFolder = join(defaultCacheFolder(process.env), 'prepared');
  const cacheBytes = 16 * GiB;
  const store = keepPreparedHere(repository, models, new PreparedCache(cacheFolder, cacheBytes));
  // A smaller model is there 25 ms sooner at most, once it is prepared.
  const when = { quietMs: 2000, leastBytes: 8 * MiB };
  return { store, preparer: new BackgroundPreparer({ models, cacheFolder, cacheBytes, log, ...when }) };
}
