import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { manifestFile } from '../prepared/manifest.ts';
import { preparedFileNames } from '../prepared/prepared-file-names.ts';
import { readSource } from './read-source.ts';
import type { S3Client } from './s3-client.ts';
import { uploadObject } from './upload-object.ts';

/**
 * Stores the files of `folder` as the prepared form whose keys begin with `prefix`, in place of the one that was there.
 *
 * While they are on their way its manifest, which comes last, is empty: nobody takes weights of one form with the graph
 * of another, and one that broke off is no form.
 */
export async function putPrepared(client: S3Client, prefix: string, folder: string): Promise<void> {
  const store = async (file: string, path: string) =>
    uploadObject(client, `${prefix}${file}`, await readSource(path), {});
  const underWay = join(folder, '.under-way.json');
  await writeFile(underWay, '');
  await store(manifestFile, underWay);
  const there = await readdir(folder);
  for (const file of preparedFileNames) if (there.includes(file)) await store(file, join(folder, file));
}
