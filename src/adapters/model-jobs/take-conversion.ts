import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readJson } from '../../core/batch/read-json.ts';
import { type ConversionEnd, convertedFolder, endedFile } from '../../core/model-jobs/conversion-plan.ts';
import type { ModelJob } from '../../core/model-jobs/model-job.ts';
import { runFiles } from '../../core/model-jobs/run-files.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** As containers/convert/job.py writes it, and more. */
const mostEndBytes = 256 * 1024;

/**
 * Brings what a container made of a source into `folder`, and gives the words of `convert` that say so; none for other
 * jobs. Rejects with ServiceError 400 for what the container refused, with an Error where it did not end by itself.
 */
export async function takeConversion(
  data: ObjectStore,
  { id, kind }: ModelJob,
  folder: string,
): Promise<readonly string[]> {
  if (kind !== 'convert') return [];
  const output = runFiles(data, id);
  const said = await output.find(convertedFolder + endedFile);
  // Whatever ran in the container may have written anything there.
  const end = said && said.bytes <= mostEndBytes ? await readJson<ConversionEnd>(output, said.key) : undefined;
  if (!end) throw new Error('the conversion was ended: it may need more memory, or more time, than its container has');
  if (end.status !== 0) throw new ServiceError(400, reasonOf(end));
  for (const file of await output.list(convertedFolder)) {
    if (file.key === convertedFolder + endedFile) continue;
    const path = join(folder, file.key);
    await mkdir(dirname(path), { recursive: true });
    await pipeline(Readable.from(output.read(file)), createWriteStream(path));
  }
  return [`--converted=${convertedFolder}`];
}

/** What a container says is nobody's word but that of the source: a text to show, and no more. */
function reasonOf({ said }: ConversionEnd): string {
  const lines = String(said).trim().split('\n');
  const refused = lines.findLast((line) => line.startsWith('refused: '));
  return refused?.slice('refused: '.length) ?? `the conversion failed:\n${lines.slice(-15).join('\n')}`;
}
