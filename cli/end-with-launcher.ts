const lookMs = 1000;

/** Has this process end as by SIGTERM once the one that launched it is gone: `kill -9` of that one reaches no other. */
export function endWithLauncher(): void {
  const { TENSORGATE_LAUNCHER: launcher } = process.env;
  if (launcher === undefined) return;
  // Processes that this one begins have another.
  delete process.env.TENSORGATE_LAUNCHER;
  const timer = setInterval(() => {
    if (process.ppid === Number(launcher)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, lookMs);
  timer.unref();
}
