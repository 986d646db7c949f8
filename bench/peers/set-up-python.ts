import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

export type Requirements =
  | 'requirements.txt'
  | 'batch-requirements.txt'
  | 'bentoml-requirements.txt'
  | 'embed-requirements.txt'
  | 'litserve-requirements.txt'
  | 'sentence-requirements.txt'
  | 'llama-requirements.txt'
  | 'llm-requirements.txt'
  | 'triton-requirements.txt';

// llama.cpp is compiled, and PyTorch brings gigabytes.
const longestMs = 20 * 60_000;

/** The Python of an environment in .cache/ with the packages that a file here lists, set up where it is not yet. Throws where it cannot be had. */
export function setUpPython(requirements: Requirements): string {
  const environment = `.cache/bench-${requirements.replace('requirements.txt', 'python')}`;
  const python = `${environment}/bin/python`;
  const stamp = `${environment}/requirements.txt`;
  const wanted = readFileSync(`bench/peers/${requirements}`, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  console.error('setting up Python for the comparison …');
  rmSync(environment, { recursive: true, force: true });
  run('python3', ['-m', 'venv', environment]);
  const packages = ['--quiet', '--disable-pip-version-check', '-r', `bench/peers/${requirements}`];
  run(python, ['-m', 'pip', 'install', ...packages]);
  writeFileSync(stamp, wanted);
  return python;
}

function run(command: string, args: readonly string[]): void {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: longestMs });
  if (error) throw new Error(`${command}: ${error.message}`);
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed: ${stderr.trim().split('\n').at(-1)}`);
}
