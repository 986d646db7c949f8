import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const environment = '.cache/bench-python';
const requirements = 'bench/peers/requirements.txt';
const longestMs = 4 * 60_000;

/** The Python of an environment with the packages of requirements.txt, set up where it is not yet. Throws where it cannot be had. */
export function setUpPython(): string {
  const python = `${environment}/bin/python`;
  const stamp = `${environment}/requirements.txt`;
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  console.error('setting up Python for the comparison …');
  rmSync(environment, { recursive: true, force: true });
  run('python3', ['-m', 'venv', environment]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  writeFileSync(stamp, wanted);
  return python;
}

function run(command: string, args: readonly string[]): void {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: longestMs });
  if (error) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed: ${stderr.trim().split('\n').at(-1)}`);
}
