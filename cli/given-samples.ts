import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { digestFile } from '../src/adapters/digest-file.ts';
import { parseSamples } from '../src/core/releases/parse-samples.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import { samplesFile } from '../src/core/releases/samples-file.ts';
import type { FilesToPush } from './files-to-push.ts';
import { unreadable } from './unreadable.ts';

/** Samples to judge a conversion by. */
export interface GivenSamples {
  readonly samples: readonly Sample[];
  readonly sha256: string;
}

/**
 * The samples of a file, else of the `samples.jsonl` beside the model; undefined where there is neither. Rejects with
 * an Error where they do not hold.
 */
export async function givenSamples(
  file: string | undefined,
  { files }: FilesToPush,
): Promise<GivenSamples | undefined> {
  const path = file ?? files.get(samplesFile);
  if (path === undefined) return undefined;
  const samples = parseSamples(await readFile(path, 'utf8').catch(unreadable(path)), basename(path));
  return { samples, sha256: (await digestFile(path)).checksum };
}
