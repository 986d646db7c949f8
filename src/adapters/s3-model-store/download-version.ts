import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { allOrNone } from './all-or-none.ts';
import { contentsFile, type FileContents } from './contents-file.ts';
import { downloadObject } from './download-object.ts';
import type { OpenFile } from './open-file.ts';
import type { S3Client } from './s3-client.ts';
import type { Slots } from './slots.ts';
import type { VersionObjects } from './version-objects.ts';

/** Downloads the objects of a version into `folder`, all side by side, and notes there what each must hold. */
export async function downloadVersion(
  client: S3Client,
  objects: VersionObjects,
  folder: string,
  options: { readonly slots: Slots; readonly openFile: OpenFile },
): Promise<void> {
  const abort = new AbortController();
  const downloads = [...objects].map(async ([file, object]): Promise<FileContents> => {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    const checksum = await downloadObject(client, object, path, { ...options, abort });
    return { file, bytes: object.bytes, checksum };
  });
  const contents = await allOrNone(abort, downloads);
  await writeFile(join(folder, contentsFile), JSON.stringify(contents));
}
