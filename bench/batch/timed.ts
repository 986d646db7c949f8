import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const longestMs = 10 * 60_000;
const maxBuffer = 64 * 1024 * 1024;

/** Seconds from the start of a process to its end. Rejects where it fails, with what it wrote to stderr. */
export async function timed(command: string, args: readonly string[]): Promise<number> {
  const started = performance.now();
  await promisify(execFile)(command, [...args], { timeout: longestMs, killSignal: 'SIGKILL', maxBuffer });
  return (performance.now() - started) / 1000;
}
