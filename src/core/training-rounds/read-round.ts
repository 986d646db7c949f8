import type { ObjectStore } from '../../ports/object-store.ts';
import { readBytes } from '../batch/read-bytes.ts';
import { type Checkpoint, decodeCheckpoint } from '../training/checkpoint.ts';
import { roundFile } from './rounds-files.ts';

/** What a round begins with. Rejects with an Error where nobody has come so far. */
export async function readRound(store: ObjectStore, round: number): Promise<Checkpoint> {
  const file = await store.find(roundFile(round));
  if (!file) throw new Error(`round ${round} cannot be done yet: the one before it is not over`);
  return decodeCheckpoint(await readBytes(store, file));
}
