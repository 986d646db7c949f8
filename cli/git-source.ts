import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { VersionManifest } from '../src/ports/version-manifest.ts';

type GitSource = Pick<VersionManifest['source'], 'gitCommit' | 'gitChanged'>;

/**
 * The commit that this process's folder is at, and whether files there differ from it; empty where it is in no
 * repository of git, or there is no git.
 */
export async function gitSource(): Promise<GitSource> {
  const git = async (...words: string[]) => (await promisify(execFile)('git', words)).stdout.trim();
  try {
    const gitCommit = await git('rev-parse', 'HEAD');
    const changes = await git('status', '--porcelain', '--untracked-files=no');
    return { gitCommit, ...(changes !== '' && { gitChanged: true }) };
  } catch {
    return {};
  }
}
