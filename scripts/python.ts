import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const cache = '.cache/python';
const stamp = `${cache}/requirements.txt`;
const report = `${cache}/report.xml`;

/** The interpreter of the suites' own environment. */
export const python = `${cache}/venv/bin/python`;

/** Runs a command with its output on the terminal. Throws an Error where it fails. */
export function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** Sets the environment up, where it is missing or its requirements changed. */
export function setUpPython(): void {
  const requirements = readFileSync('test/python/requirements.txt', 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return;
  console.log('setting up Python …');
  mkdirSync(cache, { recursive: true });
  rmSync(`${cache}/venv`, { recursive: true, force: true });
  try {
    run('python3', ['-m', 'venv', `${cache}/venv`]);
  } catch {
    run('apt-get', ['install', '-y', 'python3-venv']);
    run('python3', ['-m', 'venv', `${cache}/venv`]);
  }
  run(python, ['-m', 'pip', 'install', '--quiet', '-r', 'test/python/requirements.txt']);
  writeFileSync(stamp, requirements);
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
