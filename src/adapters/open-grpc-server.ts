import packageJson from '../../package.json' with { type: 'json' };
import type { DataPlane } from '../core/data-plane.ts';
import type { GrpcServer, GrpcServerOptions } from './grpc-server/grpc-server.ts';

/** A server of gRPC over `dataPlane`, which does not listen yet. What it takes is loaded only now: most servers have none. */
export async function openGrpcServer(dataPlane: DataPlane, options: GrpcServerOptions): Promise<GrpcServer> {
  const [{ GrpcService }, { GrpcServer }] = await Promise.all([
    import('../grpc/grpc-service.ts'),
    import('./grpc-server/grpc-server.ts'),
  ]);
  const clock = { now: () => performance.now() };
  return new GrpcServer(new GrpcService(dataPlane, options.limits, clock, packageJson.version), options);
}
