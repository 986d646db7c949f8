import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { keepFolder } from '../keep-folder.ts';

interface LockedPackage {
  readonly version: string;
  readonly integrity: string;
}

/**
 * The folder of a package of the lock file. One that npm left out, as it is for other processors than this machine's,
 * is fetched by npm once, checked against the lock's digest, and kept in `cache`.
 */
export function findPackage(root: string, name: string, cache: string): string {
  const installed = join(root, 'node_modules', name);
  if (existsSync(join(installed, 'package.json'))) return installed;

  const { version, integrity } = lockedPackage(root, name);
  const kept = join(cache, `${name.replaceAll('/', '-').replace('@', '')}-${version}`);
  if (!existsSync(kept)) fetchPackage(`${name}@${version}`, integrity, cache, kept);
  return kept;
}

function lockedPackage(root: string, name: string): LockedPackage {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const entry = lock.packages[`node_modules/${name}`];
  if (!entry?.integrity) throw new Error(`package-lock.json has no ${name}: run npm install`);
  return entry;
}

function fetchPackage(specifier: string, integrity: string, cache: string, kept: string): void {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'fetch-'));
  try {
    const [archive] = JSON.parse(run('npm', ['pack', '--json', specifier], folder));
    if (archive.integrity !== integrity)
      throw new Error(`${specifier} has the digest ${archive.integrity}; package-lock.json says ${integrity}`);
    run('tar', ['-xzf', archive.filename], folder);
    keepFolder(join(folder, 'package'), kept);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${stderr || error?.message}`);
  return stdout;
}
