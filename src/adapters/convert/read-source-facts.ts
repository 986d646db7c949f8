import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { sep } from 'node:path';
import type { SourceFacts } from '../../core/factory/convert/source-facts.ts';
import { factsOfFile } from './facts-of-file.ts';

/**
 * Reads what tells a file's or folder's framework, and runs nothing of it. Rejects with an Error where there is
 * neither.
 */
export async function readSourceFacts(path: string): Promise<SourceFacts> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) {
    return { kind: 'folder', entries: (await readdir(path)).map((entry) => entry.split(sep).join('/')).sort() };
  }
  if (!stats?.isFile()) throw new Error(`there is no file or folder ${path}`);
  const file = await open(path);
  try {
    return await factsOfFile((position, length) => read(file, position, length), stats.size);
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
