import { spawnSync } from 'node:child_process';

/** Runs suites that the unit tests leave out, with `environment` beside this process's own; ends this process as Jest ended. */
export function runJest(path: string, environment: NodeJS.ProcessEnv): never {
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'];
  const { status } = spawnSync('node', [...jest, path, '--testPathIgnorePatterns=/node_modules/', '--runInBand'], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  process.exit(status ?? 1);
}
