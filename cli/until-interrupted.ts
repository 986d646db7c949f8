const interrupted = 130;

/**
 * Does some work that Ctrl-C ends: `signal` aborts, whereupon the work is to reject once it has put away what it made.
 * A second Ctrl-C ends the process at once. Undefined where it was ended.
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const controller = new AbortController();
  const { signal } = controller;
  const interrupt = () => {
    if (signal.aborted) process.exit(interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    console.error('interrupted: nothing was stored');
    process.exitCode = interrupted;
    return undefined;
  } finally {
    process.off('SIGINT', interrupt);
  }
}
