import type { ModelRepository } from '../core/model-repository.ts';

export type ServingStatus = 'SERVING' | 'NOT_SERVING' | 'SERVICE_UNKNOWN';

const services = ['', 'inference.GRPCInferenceService'];

/** How a service is, as grpc.health.v1 has it: the server's readiness, whichever of its services is asked for. */
export function servingStatus(repository: ModelRepository, service: string): ServingStatus {
  if (!services.includes(service)) return 'SERVICE_UNKNOWN';
  return repository.isReady() ? 'SERVING' : 'NOT_SERVING';
}
