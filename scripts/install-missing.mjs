// Runs `npm ci` where the packages of package-lock.json are not installed: a fresh clone, or a changed lock.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';

const stamp = 'node_modules/.installed-lock';
// What npm writes last of all that it installs, also where someone ran it.
const installed = 'node_modules/.package-lock.json';
const lock = readFileSync('package-lock.json', 'utf8');
const written = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isStamped = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
if (!isStamped && written(installed) <= written('package-lock.json')) {
  console.error('installing packages (npm ci) …');
  const { status } = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    shell: true,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, lock);
}
