import { realpathSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { cleanMessage } from './clean-message.ts';

/**
 * The error for a model at `path` that did not load: the runtime's words, without where the model lies; these stay in
 * its cause.
 */
export function loadFailure(error: unknown, path: string): Error {
  const { message } = error as Error;
  return new Error(cleanMessage(message, foldersOf(path)), { cause: error });
}

/** The model's folder, as it was named and with links followed. */
function foldersOf(path: string): string[] {
  const folders = [dirname(path) + sep];
  try {
    folders.push(dirname(realpathSync(path)) + sep);
  } catch {
    // The file is gone: the runtime has followed no link to it either.
  }
  return folders;
}
