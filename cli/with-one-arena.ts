/**
 * Begins this process anew, once, with one arena of memory for all threads.
 *
 * glibc gives threads arenas of their own, which keep what was freed: the memory of a job would grow with its length.
 * It reads the variable as a process begins, and the one it has is kept.
 */
export function withOneArena(): void {
  if (process.platform !== 'linux' || process.env.MALLOC_ARENA_MAX !== undefined) return;
  const words = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, words, { ...process.env, MALLOC_ARENA_MAX: '1' });
}
