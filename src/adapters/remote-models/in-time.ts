import type { Timers } from '../../ports/timers.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** A limit of how long something may take. */
export interface TimeLimit {
  /** 0: as long as it will. */
  readonly ms: number;
  /** Says that it took longer. */
  readonly message: string;
}

/**
 * What `work` gives. The signal that it gets aborts where `signal` does, and where it takes longer than the limit: then
 * this rejects with 504.
 */
export async function inTime<T>(
  { ms, message }: TimeLimit,
  timers: Timers,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const ending = new AbortController();
  const end = () => ending.abort();
  if (signal?.aborted) end();
  signal?.addEventListener('abort', end, { once: true });
  let isLate = false;
  const cancel = ms > 0 ? timers.after(ms, giveUp) : undefined;
  function giveUp(): void {
    isLate = true;
    end();
  }
  try {
    return await work(ending.signal);
  } catch (error) {
    throw isLate ? new ServiceError(504, message, { cause: error }) : error;
  } finally {
    cancel?.();
    signal?.removeEventListener('abort', end);
  }
}
