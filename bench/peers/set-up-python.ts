import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runCommand } from './run-command.ts';

export type Requirements =
  | 'requirements.txt'
  | 'batch-requirements.txt'
  | 'bentoml-requirements.txt'
  | 'embed-requirements.txt'
  | 'factory-requirements.txt'
  | 'litserve-requirements.txt'
  | 'sentence-requirements.txt'
  | 'llama-requirements.txt'
  | 'llm-requirements.txt'
  | 'train-requirements.txt'
  | 'triton-requirements.txt';

/**
 * The Python of an environment in .cache/ with the packages that a file here lists, set up where it is not yet. Throws
 * where it cannot be had.
 */
export function setUpPython(requirements: Requirements): string {
  const environment = `.cache/bench-${requirements.replace('requirements.txt', 'python')}`;
  const python = `${environment}/bin/python`;
  const stamp = `${environment}/requirements.txt`;
  const wanted = readFileSync(`bench/peers/${requirements}`, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  console.error('setting up Python for the comparison …');
  rmSync(environment, { recursive: true, force: true });
  runCommand('python3', ['-m', 'venv', environment]);
  const packages = ['--quiet', '--disable-pip-version-check', '-r', `bench/peers/${requirements}`];
  runCommand(python, ['-m', 'pip', 'install', ...packages]);
  writeFileSync(stamp, wanted);
  return python;
}
