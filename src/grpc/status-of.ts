import { ServiceError } from '../protocol/service-error.ts';

/** What a caller is told of a failure. Source: gRPC, "Status codes and their use in gRPC". */
export interface GrpcStatus {
  readonly code: number;
  readonly details: string;
}

const codes: Readonly<Record<number, number>> = {
  400: 3, // INVALID_ARGUMENT
  401: 16, // UNAUTHENTICATED
  403: 7, // PERMISSION_DENIED
  404: 5, // NOT_FOUND
  409: 6, // ALREADY_EXISTS
  413: 8, // RESOURCE_EXHAUSTED
  415: 12, // UNIMPLEMENTED
  429: 8,
  500: 13, // INTERNAL
  501: 12,
  503: 14, // UNAVAILABLE
  504: 4, // DEADLINE_EXCEEDED
};
const unknown = 2;

/**
 * The status of whatever was thrown. What is no ServiceError is a fault of ours, and tells nothing but the request's
 * id.
 */
export function statusOf(error: unknown, requestId: string): GrpcStatus {
  if (!(error instanceof ServiceError)) {
    return { code: 13, details: `the server failed; its log has the reason under request id ${requestId}` };
  }
  const suffix = error.status === 500 ? ` (request id ${requestId})` : '';
  return { code: codes[error.status] ?? unknown, details: error.message.toWellFormed() + suffix };
}
