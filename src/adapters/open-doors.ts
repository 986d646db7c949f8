import type { Logger } from 'pino';
import type { OnCall } from '../ports/answered-call.ts';
import type { Service } from './create-service.ts';
import type { GrpcServer } from './grpc-server/grpc-server.ts';
import type { NodeServer } from './node-server/node-server.ts';
import type { Callers } from './open-callers.ts';
import { openGrpcServer } from './open-grpc-server.ts';
import { openHttpServer } from './open-http-server.ts';
import { readCertificate } from './read-certificate.ts';
import type { RequestsInHand } from './requests-in-hand.ts';
import type { RunningServer } from './running-server.ts';
import type { ServerOptions } from './server-options.ts';
import type { Tracing } from './tracing/open-tracing.ts';
import { UnansweredCalls } from './unanswered-calls.ts';

// By then a load balancer has asked for the readiness, or was told by whoever ends the server.
const longestDrainMs = 5000;
/** Of the grace, what is left at most for telling those who wait that it is over, also where all processors are busy. */
const lastWordMs = 1000;

/** What comes in by the doors of a server, and is counted there. */
export interface DoorCounts {
  readonly inHand: RequestsInHand;
  /** Answers of each status. */
  readonly http: Map<number, number>;
  readonly grpc: Map<number, number>;
}

export interface DoorParts {
  readonly service: Service;
  readonly callers: Callers;
  readonly tracing: Tracing | undefined;
  readonly onCall: OnCall | undefined;
  readonly counts: DoorCounts;
  readonly log: Logger;
}

/** Where requests come in: HTTP, and gRPC where that is asked for. */
export interface Doors {
  readonly addresses: Pick<RunningServer, 'url' | 'grpcAddress'>;
  /** Ends both within `graceMs`, of which the first part is for whoever sends requests here to learn of it. */
  stop(graceMs: number): Promise<void>;
  /** Ends both at once. */
  close(): Promise<void>;
}

/** Opens the doors of a server, and listens with all of them or with none. Rejects where an address cannot be had. */
export async function openDoors(options: ServerOptions, parts: DoorParts): Promise<Doors> {
  const { service, callers, tracing, onCall, counts, log } = parts;
  const { http: authorize } = callers;
  const certificate = options.tls && (await readCertificate(options.tls.cert, options.tls.key));
  const unanswered = new UnansweredCalls();
  const shared = { limits: options.limits, inHand: counts.inHand, certificate, onCall, log, unanswered };
  const server = openHttpServer(service.handle, {
    ...shared,
    basePath: options.basePath,
    corsOrigin: options.corsOrigin,
    admit: authorize && ((request) => service.admit(request, authorize)),
    trace: tracing?.http(service.routeOf),
    answers: counts.http,
  });
  const grpcParts = { authorize: callers.grpc, trace: tracing?.grpc, answers: counts.grpc };
  const grpc =
    options.grpcPort === undefined ? undefined : await openGrpcServer(service.dataPlane, { ...shared, ...grpcParts });
  return {
    addresses: await listen(server, grpc, options),
    stop: async (graceMs) => {
      const endWaiting = () => {
        const { count } = counts.inHand;
        if (count > 0) log.warn({ requests: count }, 'the time to end is over: requests under way are cut');
        unanswered.cut();
      };
      const cutting = setTimeout(endWaiting, graceMs - Math.min(lastWordMs, graceMs / 5));
      await Promise.all([stop(server, graceMs), grpc && stop(grpc, graceMs)]);
      clearTimeout(cutting);
    },
    close: async () => {
      await Promise.all([server.close(0), grpc?.close(0)]);
    },
  };
}

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
): Promise<Doors['addresses']> {
  const url = (await server.listen(port, host)) + basePath;
  if (!grpc) return { url };
  try {
    return { url, grpcAddress: await grpc.listen(grpcPort, host) };
  } catch (error) {
    await Promise.all([server.close(0), grpc.close(0)]);
    throw error;
  }
}
