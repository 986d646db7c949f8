import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { run } from './run.ts';

/** Makes `folder`/venv, for which Python 3 has to be there, with what the file `requirements` names, where it is missing or the file changed; `options` are pip's. */
export function setUpVenv(folder: string, requirements: string, options: readonly string[] = []): void {
  const wanted = readFileSync(requirements, 'utf8');
  const stamp = `${folder}/requirements.txt`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (spawnSync('python3', ['--version']).status !== 0)
    throw new Error(
      'there is no Python 3 on this machine: install python3 and python3-venv, and give the same command again',
    );
  console.log(`setting up Python in ${folder} …`);
  const venv = `${folder}/venv`;
  mkdirSync(folder, { recursive: true });
  rmSync(venv, { recursive: true, force: true });
  try {
    run('python3', ['-m', 'venv', venv]);
  } catch {
    run('apt-get', ['install', '-y', 'python3-venv']);
    run('python3', ['-m', 'venv', venv]);
  }
  run(`${venv}/bin/python`, ['-m', 'pip', 'install', '--quiet', ...options, '-r', requirements]);
  writeFileSync(stamp, wanted);
}
