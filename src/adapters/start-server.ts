import pino, { type Logger } from 'pino';
import type { DataPlane } from '../core/data-plane.ts';
import { createService, type Service } from './create-service.ts';
import { readGpuUse } from './gpu-use.ts';
import { readMetrics } from './metrics/read-metrics.ts';
import { openCallers } from './open-callers.ts';
import { type DoorCounts, openDoors } from './open-doors.ts';
import { openLocalJobs } from './open-local-jobs.ts';
import { openRepositoryRecords } from './open-repository-records.ts';
import { openServerExtras } from './open-server-extras.ts';
import { openServerStore } from './open-server-store.ts';
import { reportLoad } from './report-load.ts';
import { RequestsInHand } from './requests-in-hand.ts';
import type { RunningServer } from './running-server.ts';
import type { ServerOptions } from './server-options.ts';
import { shortenCollections } from './shorten-collections.ts';
import { warnOfMissing } from './warn-of-missing.ts';
import { watchRepository } from './watch-repository.ts';

type Parts = Awaited<ReturnType<typeof openParts>>;

/**
 * Puts the parts together and listens; models load meanwhile, and readiness tells when they have.
 * Rejects where the address cannot be had, or the model repository cannot be read.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  shortenCollections();
  // At once: what another thread has still to write is lost where the process ends.
  const log = pino({ level: options.logLevel }, pino.destination({ dest: 2, sync: true }));
  const parts = await openParts(options, log, () => service.dataPlane);
  const service: Service = openService(options, parts, log);
  const { dataPlane } = service;
  const { store, jobs, records, preparer } = parts;
  const onCall = records?.calls?.onCall;
  const doors = await openDoors(options, { ...parts, service, onCall, log });
  const ends = [records?.share()];
  const running: RunningServer = {
    ...doors.addresses,
    dataPlane,
    close: async (graceMs) => {
      log.info({ graceMs }, 'stopping: requests under way are answered first');
      for (const end of ends) end?.();
      await close(parts, () => doors.stop(graceMs));
      log.info('stopped');
    },
    endAtOnce: async () => {
      const fields = { requests: parts.counts.inHand.count };
      log.warn(fields, 'told to end once more: requests under way are cut, and are in neither usage nor the audit log');
      await records?.endAtOnce();
    },
  };
  options.onListening?.(running);
  try {
    await service.refresh();
  } catch (error) {
    await doors.close();
    throw error;
  }
  await jobs?.start(service.handle, onCall);
  preparer?.start();
  if (parts.hasRepository) warnOfMissing(log, options, dataPlane.repository.names());
  // Not before: while models load nobody can ask, which does not make it idle.
  const usesGpu = options.execution?.providers.includes('cuda') === true;
  ends.push(reportLoad(dataPlane, log, (options.reportSeconds ?? 0) * 1000, usesGpu ? readGpuUse : undefined));
  if (options.watch) ends.push(watchRepository(store, service, options.releaseSeconds, log));
  return running;
}

/** Opens what a server is made of, beside what answers requests. */
async function openParts(options: ServerOptions, log: Logger, dataPlane: () => DataPlane) {
  const opened = await openServerStore(options, log);
  const jobs = openLocalJobs(options, log, {
    onCall: (call) => records?.calls?.onCall(call),
    serve: (model) => dataPlane().repository.takeIn(model),
  });
  const extras = await openServerExtras(options, log);
  const counts: DoorCounts = { inHand: new RequestsInHand(options.limits), http: new Map(), grpc: new Map() };
  const records = opened.hasRepository ? await openRepositoryRecords(options, opened.store, log, dataPlane) : undefined;
  const callers = await openCallers(options, log, records?.calls?.usage?.of);
  return { ...opened, ...extras, jobs, counts, records, callers };
}

function openService(options: ServerOptions, parts: Parts, log: Logger): Service {
  const { store, sageMaker, onLoaded, payloads, makeDataPlane, openRemoteModel } = parts;
  const { jobs, counts, records, callers } = parts;
  const models = jobs?.models;
  return createService({
    ...options,
    store,
    sageMaker,
    batches: jobs && (async () => jobs.batches),
    jobs: models && (async () => models),
    metrics: readMetrics({
      memoryBudget: options.memoryBudget,
      answers: { http: counts.http, grpc: counts.grpc },
      inHand: () => counts.inHand.count,
      drift: () => records?.drift.readings ?? [],
    }),
    payloads,
    needsKey: callers.http !== undefined,
    makeDataPlane,
    onRun: records?.drift.onRun,
    takeBack: records?.canaries.takeBack,
    openRemoteModel,
    usage: records?.calls?.usage?.read,
    log,
    onLoaded,
  });
}

/** Ends the parts of a server: what is under way is answered while `closeDoors` closes its doors. */
async function close(
  { callers, jobs, preparer, counts, records, tracing }: Parts,
  closeDoors: () => Promise<void>,
): Promise<void> {
  callers.close();
  await Promise.all([closeDoors(), jobs?.stop(), preparer?.close()]);
  // The process does not end before its runs have.
  await counts.inHand.ended(2000);
  await records?.end();
  await tracing?.close();
}
