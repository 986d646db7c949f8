import type { Logger } from 'pino';
import packageJson from '../../package.json' with { type: 'json' };
import type { DataPlane } from '../core/data-plane.ts';
import type { Authorize } from '../ports/authorize.ts';
import type { GrpcServer, GrpcServerOptions } from './grpc-server/grpc-server.ts';

/** gRPC's code for a fault of ours. */
const internal = 13;

export interface OpenGrpcServerOptions extends Omit<GrpcServerOptions, 'onAnswer'> {
  /** Lets callers through by their API keys. @default all pass */
  readonly authorize?: Authorize | undefined;
  /** Counts the answers of each status. */
  readonly answers: Map<number, number>;
  readonly log: Logger;
}

/**
 * A server of gRPC over `dataPlane`, which does not listen yet. What it takes is loaded only now: most servers have
 * none.
 */
export async function openGrpcServer(dataPlane: DataPlane, options: OpenGrpcServerOptions): Promise<GrpcServer> {
  const [{ GrpcService }, { GrpcServer }] = await Promise.all([
    import('../grpc/grpc-service.ts'),
    import('./grpc-server/grpc-server.ts'),
  ]);
  const { limits, authorize, answers, log } = options;
  const service = new GrpcService(dataPlane, { limits, clock: performance, version: packageJson.version, authorize });
  return new GrpcServer(service, {
    ...options,
    onAnswer: (code, error, fields) => {
      answers.set(code, (answers.get(code) ?? 0) + 1);
      if (code === internal) log.error({ ...fields(), code, err: error }, 'request failed');
      else if (log.isLevelEnabled('debug')) log.debug({ ...fields(), code, err: error });
    },
  });
}
