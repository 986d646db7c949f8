import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';

/** A store in a temporary folder that each test has to itself, with room beside it for what must stay outside. */
export class TemporaryStore {
  #base = '';
  store = new DirectoryModelStore('.');

  constructor() {
    beforeEach(async () => {
      this.#base = await mkdtemp(join(tmpdir(), 'tensorgate-store-'));
      await mkdir(this.inside());
      this.store = new DirectoryModelStore(this.inside());
    });
    afterEach(() => rm(this.#base, { recursive: true, force: true }));
  }

  /** A path in the repository. */
  inside(path = ''): string {
    return join(this.#base, 'models', path);
  }

  /** A path beside the repository. */
  outside(path = ''): string {
    return join(this.#base, 'outside', path);
  }

  /** Writes a file, with the folders it needs; the path comes back. */
  async write(path: string, content: string | Uint8Array = ''): Promise<string> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  }
}
