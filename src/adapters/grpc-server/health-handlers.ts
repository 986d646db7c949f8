import {
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { ServingStatus } from '../../grpc/health.ts';

interface Request {
  readonly service: string;
}

interface Response {
  readonly status: ServingStatus;
}

/** How often it is looked whether a status changed that somebody watches. */
const watchMs = 500;

/**
 * gRPC's own health service. Answers are what `statusOf` says when they are asked for; whoever watches hears of a
 * change within half a second, and is let go when `closing` aborts.
 */
export function healthHandlers(
  statusOf: (service: string) => ServingStatus,
  closing: AbortSignal,
): UntypedServiceImplementation {
  return {
    Check: ({ request }: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
      const found = statusOf(request.service);
      if (found !== 'SERVICE_UNKNOWN') return callback(null, { status: found });
      callback({ code: status.NOT_FOUND, details: `there is no service '${request.service.slice(0, 256)}'` });
    },

    Watch: (call: ServerWritableStream<Request, Response>) => {
      let told: ServingStatus | undefined;
      const tell = () => {
        const found = statusOf(call.request.service);
        if (found === told) return;
        told = found;
        call.write({ status: found });
      };
      tell();
      // Whoever begins to watch then would hear of no end.
      if (closing.aborted) return void call.end();
      const timer = setInterval(tell, watchMs);
      const end = () => {
        tell();
        call.end();
      };
      closing.addEventListener('abort', end);
      call.on('cancelled', () => {
        clearInterval(timer);
        closing.removeEventListener('abort', end);
      });
    },
  };
}
