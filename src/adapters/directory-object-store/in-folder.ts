import { mkdir } from 'node:fs/promises';

const tries = 5;

/** Does what needs a folder, which is made; again where it was empty, and so removed, in between. */
export async function inFolder<T>(folder: string, act: () => Promise<T>): Promise<T> {
  for (let left = tries; ; left -= 1) {
    await mkdir(folder, { recursive: true });
    try {
      return await act();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || left === 1) throw error;
    }
  }
}
