import type { ObjectStore, StoredFile } from '../ports/object-store.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { textOfFile } from './text-of-file.ts';

/** Hosts write seconds apart. */
const mostTries = 5;

/** A file, and the text of it. */
export interface NewestText {
  readonly file: StoredFile;
  readonly text: string;
}

/** The text of a small file that others write over, as it is by now. Rejects as `read`. */
export async function newestText(
  store: Pick<ObjectStore, 'list' | 'read'>,
  file: StoredFile,
  triesLeft = mostTries,
): Promise<NewestText> {
  try {
    return { file, text: await textOfFile(store, file) };
  } catch (error) {
    const isReplaced = error instanceof ServiceError && error.status === 409;
    if (!isReplaced || triesLeft === 0) throw error;
    const [now = file] = await store.list(file.key);
    return newestText(store, now, triesLeft - 1);
  }
}
