import { stat } from 'node:fs/promises';
import type { Source } from './find-source.ts';

const texts = /\.(json|txt|jinja|jsonl)$/;

/** Size of a model with its external data. */
export async function sourceBytes({ toPush: { files } }: Source): Promise<number> {
  let bytes = 0;
  for (const [file, path] of files) if (!texts.test(file)) bytes += (await stat(path)).size;
  return bytes;
}
