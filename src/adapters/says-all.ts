import { ServiceError } from '../protocol/service-error.ts';

/**
 * Whether the message of a failure says all: a model that is at fault, in words that were meant for its owner.
 *
 * Not so where a system call, the store or this program failed: what lies beneath, and where, then belongs in the log.
 */
export function saysAll(error: unknown): boolean {
  if (error instanceof ServiceError) return error.status < 500;
  return isPlain(error) && (error.cause === undefined || isPlain(error.cause));
}

/** Only errors that somebody put into words have no class of their own, or are the runtime's. */
function isPlain(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'Error' || error.name === 'RuntimeError') && !('syscall' in error);
}
