import { watch } from 'node:fs';
import { copyFile, lstat, mkdir, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { ModelFiles, ModelStore, StoredModel } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { checkExternalData } from './check-external-data.ts';
import { readAliases } from './read-aliases.ts';
import { readModelConfig } from './read-model-config.ts';

const modelName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const versionFolder = /^[1-9][0-9]{0,14}$/;
const plainFile = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$/;
const debounceMs = 300;
const pollMs = 5000;

/** A model repository in a directory: `<root>/<model>/<version>/model.onnx`. */
export class DirectoryModelStore implements ModelStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = resolve(root);
  }

  async list(): Promise<readonly StoredModel[]> {
    const names = await readdir(this.#root).catch((cause) => {
      throw new Error(`the model repository ${this.#root} cannot be read: is it a directory?`, { cause });
    });
    const models = await Promise.all(names.sort().map((name) => this.find(name)));
    return models.filter((model) => model !== undefined);
  }

  async find(name: string): Promise<StoredModel | undefined> {
    if (!modelName.test(name)) return undefined;
    const folder = join(this.#root, name);
    if (!(await this.#isInside(folder))) return undefined;
    const versions = await this.#versions(folder);
    if (versions.length === 0) return undefined;
    const config = await readModelConfig(join(folder, 'model.json'));
    const aliases = await readAliases(join(folder, 'aliases.json'));
    const problem = config.problem ?? aliases.problem;
    return {
      name,
      versions,
      config: config.value,
      aliases: aliases.value,
      ...(problem === undefined ? {} : { problem }),
    };
  }

  async fetch(name: string, version: number): Promise<ModelFiles> {
    const folder = await this.#folder(name, version);
    const path = join(folder, 'model.onnx');
    await checkExternalData(path, folder, `model '${name}' version ${version}`);
    const entries = await readdir(folder, { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile());
    const sizes = await Promise.all(files.map((entry) => stat(join(entry.parentPath, entry.name))));
    return { path, folder, bytes: sizes.reduce((sum, { size }) => sum + size, 0) };
  }

  async readText(name: string, version: number, file: string): Promise<string> {
    const folder = await this.#folder(name, version);
    const path = join(folder, file);
    if (!plainFile.test(file) || !(await this.#isInside(path, folder))) {
      throw new ServiceError(404, `model '${name}' version ${version} has no file '${file}' in its folder`);
    }
    return readFile(path, 'utf8');
  }

  async put(name: string, version: number, files: ReadonlyMap<string, string>): Promise<void> {
    if (!modelName.test(name)) {
      throw new ServiceError(
        400,
        `'${name}' is no model name: expected letters, digits, '.', '_' and '-', 128 at most`,
      );
    }
    const target = join(this.#root, name, String(version));
    const exists = new ServiceError(
      409,
      `model '${name}' has a version ${version} already; versions are never overwritten`,
    );
    if (await lstat(target).catch(() => undefined)) throw exists;
    const hidden = join(this.#root, name, `.${version}-${process.pid}`);
    try {
      for (const [file, source] of files) {
        const destination = resolve(hidden, file);
        if (!destination.startsWith(hidden + sep))
          throw new ServiceError(400, `file '${file}' would leave the version's folder`);
        await mkdir(join(destination, '..'), { recursive: true });
        await copyFile(source, destination);
      }
      await rename(hidden, target);
    } catch (error) {
      await rm(hidden, { recursive: true, force: true });
      const { code } = error as NodeJS.ErrnoException;
      throw code === 'ENOTEMPTY' || code === 'EEXIST' ? exists : error;
    }
  }

  watch(changed: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(changed, debounceMs);
    };
    const watcher = watch(this.#root, { recursive: true, persistent: false }, soon);
    watcher.on('error', () => undefined);
    // Network file systems report no events.
    const poll = setInterval(changed, pollMs).unref();
    return () => {
      watcher.close();
      clearTimeout(timer);
      clearInterval(poll);
    };
  }

  async #versions(folder: string): Promise<number[]> {
    const entries = await readdir(folder).catch(() => []);
    const whole = await Promise.all(
      entries.map(
        async (entry) => versionFolder.test(entry) && (await this.#isInside(join(folder, entry, 'model.onnx'))),
      ),
    );
    return entries
      .filter((_entry, i) => whole[i])
      .map(Number)
      .sort((a, b) => a - b);
  }

  async #folder(name: string, version: number): Promise<string> {
    const folder = join(this.#root, name, String(version));
    const known = modelName.test(name) && versionFolder.test(String(version));
    if (known && (await this.#isInside(join(folder, 'model.onnx')))) return folder;
    throw new ServiceError(404, `there is no model '${name}' version ${version} in the store`);
  }

  /** Whether `path` exists and, links followed, lies in `folder`. */
  async #isInside(path: string, folder = this.#root): Promise<boolean> {
    try {
      const [real, root] = await Promise.all([realpath(path), realpath(folder)]);
      return real.startsWith(root + sep);
    } catch {
      return false;
    }
  }
}
