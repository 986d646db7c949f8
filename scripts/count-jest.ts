import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

const report = '.cache/jest-report.json';

/** Runs the tests of `path`, which the unit tests leave out, with `environment` beside this process's own; tells how many passed and failed. */
export function countJest(path: string, environment: NodeJS.ProcessEnv): { passed: number; failed: number } {
  rmSync(report, { force: true });
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`];
  const { status } = spawnSync('node', [...jest, path, '--testPathIgnorePatterns=/node_modules/', '--runInBand'], {
    // What it reports as JSON it would write here too.
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  });
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests: passed, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that cannot be loaded has no tests that could fail.
  return { passed, failed: Math.max(numFailedTests, status === 0 ? 0 : 1) };
}
