import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentsFile, type FileContents } from './contents-file.ts';
import { digestFile } from './digest-file.ts';

/**
 * Whether a cached version still holds what was downloaded: it may have been cut short by a host that went down.
 *
 * Its files are read once, which brings them into memory, where whoever opens them wants them anyway.
 */
export async function isIntact(folder: string): Promise<boolean> {
  try {
    const contents: readonly FileContents[] = JSON.parse(await readFile(join(folder, contentsFile), 'utf8'));
    const intact = await Promise.all(contents.map((each) => holds(folder, each)));
    return intact.every(Boolean);
  } catch {
    return false;
  }
}

async function holds(folder: string, { file, bytes, checksum }: FileContents): Promise<boolean> {
  const handle = await open(join(folder, file));
  try {
    const { size } = await handle.stat();
    const digest = Buffer.from(await digestFile(handle, 'crc32', bytes), 'base64');
    return size === bytes && digest.readUInt32BE() === checksum;
  } finally {
    await handle.close();
  }
}
