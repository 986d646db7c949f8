import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs the pinned CDK command with its output on the terminal. Ends this process where it fails. */
export async function runCdk(
  args: readonly string[],
  stage: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<void> {
  const all = ['node_modules/aws-cdk/bin/cdk', ...args, '-c', `stage=${stage}`, '--no-notices'];
  const cdk = spawn(process.execPath, all, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const [status] = (await once(cdk, 'exit')) as [number | null];
  if (status !== 0) process.exit(status ?? 1);
}
