import { ServiceError } from '../../protocol/service-error.ts';
import type { ReadText } from './read-json-file.ts';

/** A text file of a version; undefined where there is none. */
export async function readOptional(readText: ReadText, file: string): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  }
}
