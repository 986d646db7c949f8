import { spawnSync } from 'node:child_process';

// llama.cpp is compiled, and PyTorch brings gigabytes.
const longestMs = 20 * 60_000;

/** Runs a command to its end. Throws an Error with the last line that it wrote where it fails. */
export function runCommand(command: string, args: readonly string[]): void {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: longestMs });
  if (error) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed: ${stderr.trim().split('\n').at(-1)}`);
}
