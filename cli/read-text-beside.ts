import { readFile } from 'node:fs/promises';
import { ServiceError } from '../src/protocol/service-error.ts';
import type { FilesToPush } from './files-to-push.ts';

/** Reads a text beside a model by its name there. Rejects with ServiceError 404 where there is none. */
export async function readTextBeside({ files }: Pick<FilesToPush, 'files'>, file: string): Promise<string> {
  const path = files.get(file);
  if (path === undefined) throw new ServiceError(404, `there is no ${file}`);
  return readFile(path, 'utf8');
}
