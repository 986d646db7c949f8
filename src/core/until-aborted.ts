import { ServiceError } from '../protocol/service-error.ts';

/**
 * What `work` gives, unless `signal` aborts first: then rejects with a 504 that says it was for `what`; `work` goes on
 * for others.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (!signal) return work;
  const { promise, reject } = Promise.withResolvers<never>();
  const leave = () =>
    reject(new ServiceError(504, `${what}: the deadline of the request passed before, or its caller left`));
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
