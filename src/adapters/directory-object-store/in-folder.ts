import { mkdir } from 'node:fs/promises';

const tries = 5;

/** Does what needs a folder, which is made; again where it was empty, and so removed, in between. */
export async function inFolder<T>(folder: string, act: () => Promise<T>): Promise<T> {
  for (let left = tries; ; left -= 1) {
    try {
      // It fails, too, where the folder is removed while this looks whether it is there.
      await mkdir(folder, { recursive: true });
      return await act();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || left === 1) throw error;
    }
  }
}
