import { type ServerUnaryCall, type sendUnaryData, status, type UntypedServiceImplementation } from '@grpc/grpc-js';

// Why needs a key, as it names models.
const notReady = { code: status.UNAVAILABLE, details: 'not ready: RepositoryIndex says why' };

/** Readiness by the status of the call, as readiness.proto has it: load balancers read no messages. */
export function readinessHandlers(isReady: () => boolean): UntypedServiceImplementation {
  return {
    Check: (_call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) => {
      if (isReady()) callback(null, {});
      else callback(notReady);
    },
  };
}
