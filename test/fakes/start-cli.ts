import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCli {
  readonly process: ChildProcess;
  /** All that it has written to stderr so far. */
  stderr(): string;
  readonly ended: Promise<CliResult>;
}

/** Starts `tensorgate` with `words`. */
export function startCli(env: NodeJS.ProcessEnv, ...words: string[]): StartedCli {
  const child = spawn(process.execPath, ['cli/tensorgate.js', ...words], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return { process: child, stderr: () => stderr, ended };
}
