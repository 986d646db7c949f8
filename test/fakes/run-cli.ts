import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `tensorgate` with `words` to its end. */
export function runCli(...words: string[]): Promise<CliResult> {
  return runCli.within(process.env, ...words);
}

/** The same, in another environment. */
runCli.within = async (env: NodeJS.ProcessEnv, ...words: string[]): Promise<CliResult> => {
  const child = spawn(process.execPath, ['cli/main.ts', ...words], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
};
