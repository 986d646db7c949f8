// Runs `npm ci` where the packages of package-lock.json are not installed: a fresh clone, or a changed lock.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const stamp = 'node_modules/.installed-lock';
const lock = readFileSync('package-lock.json', 'utf8');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('installing packages (npm ci) …');
  const { status } = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    shell: true,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
  writeFileSync(stamp, lock);
}
