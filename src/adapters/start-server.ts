import pino, { type Logger } from 'pino';
import type { ModelStore } from '../ports/model-store.ts';
import type { Limits } from '../settings.ts';
import { LocalBatches } from './batch/local-batches.ts';
import { openCanaries } from './canary/open-canaries.ts';
import { createService, type Service } from './create-service.ts';
import { checkWritable } from './directory-object-store/check-writable.ts';
import { DirectoryObjectStore } from './directory-object-store/directory-object-store.ts';
import { openDrift } from './drift/open-drift.ts';
import { dropOldClaims } from './drop-old-claims.ts';
import { each } from './each.ts';
import { readGpuUse } from './gpu-use.ts';
import type { GrpcServer } from './grpc-server/grpc-server.ts';
import { readMetrics } from './metrics/read-metrics.ts';
import { openModelJobs } from './model-jobs/open-model-jobs.ts';
import type { NodeServer } from './node-server/node-server.ts';
import { openCallers } from './open-callers.ts';
import { openGrpcServer } from './open-grpc-server.ts';
import { openHttpServer } from './open-http-server.ts';
import { openServerRecords } from './open-server-records.ts';
import { openServerStore } from './open-server-store.ts';
import { readCertificate } from './read-certificate.ts';
import { openStepServers } from './remote-models/open-step-servers.ts';
import { reportLoad } from './report-load.ts';
import { RequestsInHand } from './requests-in-hand.ts';
import type { RunningServer } from './running-server.ts';
import type { ServerOptions } from './server-options.ts';
import type { ServiceLog } from './service-log.ts';
import { shortenCollections } from './shorten-collections.ts';
import { encodeOnThread } from './tokenizer-thread/encode-on-thread.ts';
import { warnOfMissing } from './warn-of-missing.ts';

// By then a load balancer has asked for the readiness, or was told by whoever ends the server.
const longestDrainMs = 5000;
/** Counts of canaries are written at most so often. */
const shareEveryMs = 5000;
// A minute's counts are lost where the process is killed.
const driftEveryMs = 60_000;

/**
 * Puts the parts together and listens; models load meanwhile, and readiness tells when they have.
 * Rejects where the address cannot be had, or the model repository cannot be read.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  shortenCollections();
  // At once: what another thread has still to write is lost where the process ends.
  const log = pino({ level: options.logLevel }, pino.destination({ dest: 2, sync: true }));
  const { store, hasRepository, sageMaker, preparer, onLoaded } = await openServerStore(options, log);
  const batches = options.data === undefined ? undefined : localBatches(options.data, options.limits, log);
  const access = batches && (async () => batches);
  const jobs =
    batches &&
    options.modelJobs &&
    openModelJobs({
      ...options.modelJobs,
      data: batches.data,
      log,
      onCall: (call) => records?.onCall(call),
      serve: (model) => dataPlane.repository.takeIn(model),
    });
  const tracing = options.otlpEndpoint === undefined ? undefined : await traceTo(options.otlpEndpoint, log);
  const payloads =
    options.payloadKey === undefined ? undefined : await openPayloads(options.payloadKey, options.limits);
  const makeDataPlane = options.responseCacheBytes ? await caching(options.responseCacheBytes) : undefined;
  const inHand = new RequestsInHand(options.limits);
  const answers = new Map<number, number>();
  const grpcAnswers = new Map<number, number>();
  const metrics = readMetrics({
    memoryBudget: options.memoryBudget,
    answers: { http: answers, grpc: grpcAnswers },
    inHand: () => inHand.count,
    drift: () => drift?.readings ?? [],
  });
  const drift = hasRepository ? openDrift({ models: options.models, everyMs: driftEveryMs, log }) : undefined;
  const records = hasRepository ? await openServerRecords(options, log, () => dataPlane) : undefined;
  const canaries = hasRepository ? openCanaries({ store, models: options.models, log }) : undefined;
  const callers = await openCallers(options, log, records?.usage?.of);
  const { http: authorize } = callers;
  const parts = {
    store,
    sageMaker,
    batches: access,
    jobs: jobs && (async () => jobs),
    metrics,
    payloads,
    needsKey: authorize !== undefined,
    makeDataPlane,
    onRun: drift?.onRun,
    takeBack: canaries?.takeBack,
    openRemoteModel: options.stepServers === undefined ? undefined : await openStepServers(options.stepServers),
    encodeAside: encodeOnThread,
    log,
    onLoaded,
  };
  const service = createService({ ...options, ...parts, usage: records?.usage?.read });
  const { dataPlane, handle, admit, routeOf, refresh } = service;
  const shared = {
    limits: options.limits,
    inHand,
    certificate: options.tls && (await readCertificate(options.tls.cert, options.tls.key)),
  };
  const server = openHttpServer(handle, {
    ...shared,
    basePath: options.basePath,
    corsOrigin: options.corsOrigin,
    admit: authorize && ((request) => admit(request, authorize)),
    trace: tracing?.http(routeOf),
    onCall: records?.onCall,
    answers,
    log,
  });
  const grpc =
    options.grpcPort === undefined
      ? undefined
      : await openGrpcServer(dataPlane, {
          ...shared,
          authorize: callers.grpc,
          trace: tracing?.grpc,
          onCall: records?.onCall,
          answers: grpcAnswers,
          log,
        });
  const addresses = await listen(server, grpc, options);
  let unwatch = () => {};
  const endDropping = batches && dropOldClaims(batches.data, log);
  const sharing = setInterval(() => void canaries?.share(dataPlane.releases), shareEveryMs).unref();
  const usesGpu = options.execution?.providers.includes('cuda') === true;
  const endReports = reportLoad(dataPlane, log, (options.reportSeconds ?? 0) * 1000, usesGpu ? readGpuUse : undefined);
  const running: RunningServer = {
    ...addresses,
    dataPlane,
    close: async (graceMs) => {
      log.info({ graceMs }, 'stopping: requests under way are answered first');
      unwatch();
      endReports();
      endDropping?.();
      clearInterval(sharing);
      callers.close();
      await Promise.all([
        stop(server, graceMs),
        grpc && stop(grpc, graceMs),
        batches?.stop(),
        jobs?.stop(),
        preparer?.close(),
      ]);
      // The process does not end before its runs have.
      await inHand.ended(2000);
      await Promise.all([records?.end(), drift?.end(), canaries?.settled()]);
      await tracing?.close();
      log.info('stopped');
    },
    endAtOnce: async () => {
      const fields = { requests: inHand.count };
      log.warn(fields, 'told to end once more: requests under way are cut, and are in neither usage nor the audit log');
      await Promise.all([records?.endAtOnce(), drift?.end()]);
    },
  };
  options.onListening?.(running);
  try {
    await refresh();
  } catch (error) {
    await Promise.all([server.close(0), grpc?.close(0)]);
    throw error;
  }
  await batches?.start(handle, records?.onCall);
  await jobs?.start();
  preparer?.start();
  if (hasRepository) warnOfMissing(log, options, dataPlane.repository.names());
  if (options.watch) unwatch = watch(store, service, options.releaseSeconds, log);
  return running;
}

/** Takes in what comes into the store, and what aliases lead to, until what it gives is called. */
function watch(
  store: ModelStore,
  { refresh, refreshReleases }: Service,
  releaseSeconds: number,
  log: Logger,
): () => void {
  const endWatch = store.watch(
    () =>
      void refresh().catch((error) =>
        log.error({ err: error }, 'the model repository could not be read; what is loaded stays'),
      ),
  );
  const endLooks = each(releaseSeconds * 1000, refreshReleases, (error) =>
    log.error({ err: error }, 'aliases could not be read; what they led to stays'),
  );
  return () => {
    endWatch();
    endLooks();
  };
}

/** Ends a server within `graceMs`, of which the first part is for whoever sends requests here to learn of it. */
async function stop(server: NodeServer | GrpcServer, graceMs: number): Promise<void> {
  const started = performance.now();
  await server.drain(Math.min(graceMs / 2, longestDrainMs));
  await server.close(Math.max(0, graceMs - (performance.now() - started)));
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

async function openPayloads(place: string, { maxDecompressedBytes }: Limits) {
  const [{ PayloadEncryption }, { openPayloadKeys }] = await Promise.all([
    import('./payload-encryption/payload-encryption.ts'),
    import('./payload-encryption/open-payload-keys.ts'),
  ]);
  const keys = await openPayloadKeys(place);
  return new PayloadEncryption(async () => keys, maxDecompressedBytes);
}

async function traceTo(endpoint: string, log: ServiceLog) {
  const { openTracing } = await import('./tracing/open-tracing.ts');
  return openTracing(endpoint, process.env, log);
}

async function caching(maxBytes: number) {
  const { keepAnswers } = await import('./keep-answers.ts');
  return keepAnswers(maxBytes);
}
