import { open } from 'node:fs/promises';
import { digestFile } from './digest-file.ts';
import type { ObjectSource } from './object-source.ts';

/** Reads a file through, for what S3 is to check it against. */
export async function readSource(path: string): Promise<ObjectSource> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    return { path, bytes: size, checksum: await digestFile(file, 'crc32', size) };
  } finally {
    await file.close();
  }
}
