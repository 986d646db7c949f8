import { readBytes } from '../../core/batch/read-bytes.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../core/training/checkpoint.ts';
import type { FitProgress } from '../../core/training/fit-progress.ts';
import { openFolder } from '../batch/open-folder.ts';
import { trainingDifferences } from './training-differences.ts';
import { type SameTraining, trainingId } from './training-id.ts';

/** Where a training goes on from, should it end too early. */
export interface OpenCheckpoint {
  /** How far it was; undefined where it begins. */
  readonly from: FitProgress | undefined;
  /** Keeps how far it is, in place of what was kept before. */
  readonly keep: (progress: FitProgress) => Promise<void>;
  /** Lets go of it, once the training is over. */
  readonly remove: () => Promise<void>;
}

/**
 * Opens the checkpoint of a training in a folder, here or in a bucket.
 *
 * Rejects with an Error where there is something else, or one of another training: what is `same` of two trainings that
 * come to the same bytes differs.
 */
export async function openCheckpoint(uri: string, name: string, same: SameTraining): Promise<OpenCheckpoint> {
  const store = openFolder(uri);
  const key = `${name}.checkpoint`;
  const id = trainingId(same);
  const refusal = (what: string, cause?: unknown) =>
    new Error(`${uri}/${key} is ${what}. Remove it, or name another folder with --checkpoints`, { cause });
  const file = await store.find(key);
  const bytes = file && (await readBytes(store, file));
  let found: Checkpoint | undefined;
  try {
    found = bytes && decodeCheckpoint(bytes);
  } catch (error) {
    throw refusal('no checkpoint of a training, or not all of one', error);
  }
  const differing = found && trainingDifferences(id, found.id);
  if (differing !== undefined) throw refusal(`of another training, which differs in ${differing}`);
  return {
    from: found?.progress,
    keep: (progress) => store.replace(key, encodeCheckpoint({ id, progress })),
    remove: () => store.remove(key),
  };
}
