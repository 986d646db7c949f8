import type { Logger } from 'pino';
import packageJson from '../../package.json' with { type: 'json' };
import type { DataPlane } from '../core/data-plane.ts';
import type { GrpcServer, GrpcServerOptions } from './grpc-server/grpc-server.ts';

/** gRPC's code for a fault of ours. */
const internal = 13;

/** A server of gRPC over `dataPlane`, which does not listen yet. What it takes is loaded only now: most servers have none. */
export async function openGrpcServer(
  dataPlane: DataPlane,
  options: Omit<GrpcServerOptions, 'onAnswer'>,
  log: Logger,
): Promise<GrpcServer> {
  const [{ GrpcService }, { GrpcServer }] = await Promise.all([
    import('../grpc/grpc-service.ts'),
    import('./grpc-server/grpc-server.ts'),
  ]);
  const clock = { now: () => performance.now() };
  return new GrpcServer(new GrpcService(dataPlane, options.limits, clock, packageJson.version), {
    ...options,
    onAnswer: (request, code, error) => {
      if (code === internal) log.error({ ...request, code, err: error }, 'request failed');
      else if (log.isLevelEnabled('debug')) log.debug({ ...request, code, err: error });
    },
  });
}
