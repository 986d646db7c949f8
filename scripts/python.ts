import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setUpVenv } from './set-up-venv.ts';

const cache = '.cache/python';
const report = `${cache}/report.xml`;

/** The interpreter of the suites' own environment. */
export const python = `${cache}/venv/bin/python`;

/** Sets the environment up, where it is missing or its requirements changed. */
export function setUpPython(): void {
  setUpVenv(cache, 'test/python/requirements.txt');
}

/** Runs the tests of `paths` with `environment` beside this process's own; tells how many passed and failed. */
export function runPytest(
  paths: readonly string[],
  environment: NodeJS.ProcessEnv,
): { passed: number; failed: number } {
  rmSync(report, { force: true });
  const plugins = ['-p', 'no:cacheprovider', '-p', 'server_url'];
  const settings = ['-c', 'test/python/pytest.ini', '--rootdir', '.', '--junitxml', report];
  spawnSync(python, ['-m', 'pytest', '-q', ...plugins, ...settings, ...paths], {
    stdio: 'inherit',
    env: { ...process.env, ...environment, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: 'test/python' },
  });
  const text = existsSync(report) ? readFileSync(report, 'utf8') : ' tests="1" errors="1"';
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(text)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  return { passed: count('tests') - failed - count('skipped'), failed };
}
