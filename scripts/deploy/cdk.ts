import { spawnSync } from 'node:child_process';

/** Runs the pinned CDK command with its output on the terminal. Ends this process where it fails. */
export function runCdk(args: readonly string[], stage: string, environment: NodeJS.ProcessEnv = {}): void {
  const all = ['node_modules/aws-cdk/bin/cdk', ...args, '-c', `stage=${stage}`, '--no-notices'];
  const { status } = spawnSync(process.execPath, all, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  if (status !== 0) process.exit(status ?? 1);
}
