import { type ServerUnaryCall, type sendUnaryData, status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { ServingStatus } from '../../grpc/health.ts';
import { HealthWatchers, type WatchCall } from './health-watchers.ts';

type Request = WatchCall['request'];

interface Response {
  readonly status: ServingStatus;
}

/**
 * gRPC's own health service. Answers are what `statusOf` says when they are asked for; whoever watches hears of a
 * change within half a second, and is let go when `closing` aborts.
 */
export function healthHandlers(
  statusOf: (service: string) => ServingStatus,
  closing: AbortSignal,
): UntypedServiceImplementation {
  const watchers = new HealthWatchers(statusOf, closing);
  return {
    Check: ({ request }: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
      const found = statusOf(request.service);
      if (found !== 'SERVICE_UNKNOWN') return callback(null, { status: found });
      callback({ code: status.NOT_FOUND, details: `there is no service '${request.service.slice(0, 256)}'` });
    },

    Watch: (call: WatchCall) => watchers.add(call),
  };
}
