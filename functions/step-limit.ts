import type { Context } from 'aws-lambda';
import { ServiceError } from '../src/protocol/service-error.ts';

// Room to say so, and to let go of what is half stored.
const reserveMs = 20_000;

/**
 * A signal that aborts, with an error in words, before Lambda would end the process in the middle of `what`. To be
 * ended.
 */
export function stepLimit({ getRemainingTimeInMillis }: Context, what: string) {
  const controller = new AbortController();
  const leftMs = Math.max(0, getRemainingTimeInMillis() - reserveMs);
  const error = new ServiceError(
    504,
    `${what} takes longer than the ${Math.round(leftMs / 1000)} s that its function has; give it more memory, which brings more CPUs`,
  );
  const timer = setTimeout(() => controller.abort(error), leftMs);
  return {
    signal: controller.signal,
    abort: (reason: Error) => controller.abort(reason),
    end: () => clearTimeout(timer),
  };
}
