const signals = ['SIGTERM', 'SIGINT'] as const;

/**
 * Does `work` in place of an end the next time that this process is told to end, and then no more: whoever says it
 * again ends the process, unless `work` calls this too.
 */
export function onceTold(work: () => Promise<void>): void {
  const hear = () => {
    for (const signal of signals) process.off(signal, hear);
    void work();
  };
  for (const signal of signals) process.on(signal, hear);
}
