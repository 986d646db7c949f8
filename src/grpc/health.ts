export type ServingStatus = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

const services = ['', 'inference.GRPCInferenceService'];

/** How a service is, as grpc.health.v1 has it: the server's readiness, whichever of its services is asked for. */
export function servingStatus(isReady: boolean, service: string): ServingStatus {
  if (!services.includes(service)) return 'SERVICE_UNKNOWN';
  return isReady ? 'SERVING' : 'NOT_SERVING';
}
