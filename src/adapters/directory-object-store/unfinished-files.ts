import { type Dirent, rmSync } from 'node:fs';
import { type FileHandle, open, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hiddenName } from '../s3-model-store/hidden-name.ts';
import { removeLeftovers } from '../s3-model-store/remove-leftovers.ts';
import { inFolder } from './in-folder.ts';

/** Of all stores of this process. */
const unfinished = new Set<string>();

/**
 * Files of a directory that are not whole yet, in a folder of it: gone when this process exits, or once it was killed
 * and another one begins.
 */
export class UnfinishedFiles {
  /** Absolute path. */
  readonly #folder: string;
  #open = 0;
  #cleared: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = resolve(folder);
  }

  /** Lets go of what processes that were killed have left; once. */
  clear(): Promise<void> {
    // It is in nobody's way: what cannot be removed stays. Mostly there is no such folder.
    this.#cleared ??= removeLeftovers(this.#folder).catch(() => undefined);
    return this.#cleared;
  }

  /** Whether an entry of a folder is one of them, whichever process writes it. */
  has({ parentPath, name }: Dirent): boolean {
    return name.startsWith('.') && resolve(parentPath) === this.#folder;
  }

  async open(): Promise<{ readonly path: string; readonly handle: FileHandle }> {
    await this.clear();
    const path = join(this.#folder, hiddenName());
    this.#open += 1;
    const handle = await inFolder(this.#folder, () => open(path, 'wx')).catch((error) => {
      this.#open -= 1;
      throw error;
    });
    if (unfinished.size === 0) process.on('exit', removeAll);
    unfinished.add(path);
    return { path, handle };
  }

  /** Removes one, or that name of it; with the last the folder, if nothing else is in it. */
  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
    this.#open -= 1;
    if (this.#open === 0) await rmdir(this.#folder).catch(() => undefined);
    unfinished.delete(path);
    if (unfinished.size === 0) process.off('exit', removeAll);
  }
}

function removeAll(): void {
  for (const path of unfinished) rmSync(path, { force: true });
}
