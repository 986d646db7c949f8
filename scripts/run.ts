import { spawnSync } from 'node:child_process';

/** Runs a command with its output on the terminal. Throws an Error where it fails. */
export function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}
