import { spawn } from 'node:child_process';
import { once } from 'node:events';

const longestMs = 10 * 60_000;

/** Seconds from the start of a process to its end. Rejects where it fails. */
export async function timed(command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: longestMs });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`${[command, ...args].join(' ').slice(0, 300)}: ended with ${status}`);
  return (performance.now() - started) / 1000;
}
