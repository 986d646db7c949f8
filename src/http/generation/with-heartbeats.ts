import type { Timers } from '../../ports/timers.ts';

/** A comment, which readers of events pass over. */
const heartbeat = new TextEncoder().encode(': still working\n\n');

/**
 * The pieces of a stream of events; a comment wherever none came for `everyMs`, so that nothing on the way takes the
 * connection for dead.
 */
export async function* withHeartbeats(
  pieces: AsyncGenerator<Uint8Array, void>,
  timers: Timers,
  everyMs: number,
): AsyncGenerator<Uint8Array, void> {
  try {
    for (;;) {
      const next = pieces.next();
      let found = await nextOrSilence(next, timers, everyMs);
      for (; found === 'silence'; found = await nextOrSilence(next, timers, everyMs)) yield heartbeat;
      if (found.done) return;
      yield found.value;
    }
  } finally {
    await pieces.return();
  }
}

async function nextOrSilence<T>(next: Promise<T>, timers: Timers, ms: number): Promise<T | 'silence'> {
  let cancel = () => {};
  const silence = new Promise<'silence'>((resolve) => {
    cancel = timers.after(ms, () => resolve('silence'));
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    cancel();
  }
}
