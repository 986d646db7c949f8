import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Slots } from '../../core/slots.ts';
import { allOrNone } from './all-or-none.ts';
import { contentsFile, type FileContents } from './contents-file.ts';
import { downloadObject } from './download-object.ts';
import type { OpenFile } from './open-file.ts';
import type { S3Client } from './s3-client.ts';
import type { VersionObjects } from './version-objects.ts';

export interface DownloadVersionOptions {
  /** Bounds the requests in flight, of all downloads together. */
  readonly slots: Slots;
  readonly openFile: OpenFile;
  /** Hears, each time a file has landed and was checked, of all that have; the download ends once it has. */
  readonly onLanded?: OnLanded | undefined;
}

export type OnLanded = (folder: string, files: ReadonlySet<string>) => Promise<void> | void;

/** Downloads the objects of a version into `folder`, all side by side, and notes there what each must hold. */
export async function downloadVersion(
  client: S3Client,
  objects: VersionObjects,
  folder: string,
  { slots, openFile, onLanded }: DownloadVersionOptions,
): Promise<void> {
  const abort = new AbortController();
  const landed = new Set<string>();
  const downloads = [...objects].map(async ([file, object]): Promise<FileContents> => {
    const path = join(folder, file);
    await mkdir(dirname(path), { recursive: true });
    const checksum = await downloadObject(client, object, path, { slots, openFile, abort });
    await onLanded?.(folder, landed.add(file));
    return { file, bytes: object.bytes, checksum };
  });
  const contents = await allOrNone(abort, downloads);
  await writeFile(join(folder, contentsFile), JSON.stringify(contents));
}
