import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ModelFiles, ModelStore, StoredModel } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { checkGraph } from './check-graph.ts';
import { isInside } from './is-inside.ts';
import { placeVersion } from './place-version.ts';
import { readAliases } from './read-aliases.ts';
import { readModelConfig } from './read-model-config.ts';
import { watchFolder } from './watch-folder.ts';

const modelName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const versionFolder = /^[1-9][0-9]{0,14}$/;
const plainFile = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$/;

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
    if (!(await isInside(folder, this.#root, 'directory'))) return undefined;
    const versions = await this.#versions(folder);
    if (versions.length === 0) return undefined;
    const config = await readModelConfig(join(folder, 'model.json'), this.#root);
    const aliases = await readAliases(join(folder, 'aliases.json'), this.#root);
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
    const { operators } = await checkGraph(folder, `model '${name}' version ${version}`);
    const entries = await readdir(folder, { recursive: true });
    const found = await Promise.all(entries.map((entry) => stat(join(folder, entry)).catch(() => undefined)));
    const sizes = found.map((status) => (status?.isFile() ? status.size : 0));
    return {
      path: join(folder, 'model.onnx'),
      folder,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      operators: Object.keys(operators),
    };
  }

  async readText(name: string, version: number, file: string): Promise<string> {
    const folder = await this.#folder(name, version);
    const path = join(folder, file);
    if (!plainFile.test(file) || !(await isInside(path, folder, 'file'))) {
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
    if (!versionFolder.test(String(version))) {
      throw new ServiceError(400, `model '${name}': expected a version from 1 on, got ${version}`);
    }
    await placeVersion(this.#root, name, version, files);
  }

  watch(changed: () => void): () => void {
    return watchFolder(this.#root, changed);
  }

  async #versions(folder: string): Promise<number[]> {
    const entries = await readdir(folder).catch(() => []);
    const whole = await Promise.all(
      entries.map(async (entry) => versionFolder.test(entry) && (await this.#isWhole(join(folder, entry)))),
    );
    return entries
      .filter((_entry, i) => whole[i])
      .map(Number)
      .sort((a, b) => a - b);
  }

  async #folder(name: string, version: number): Promise<string> {
    const folder = join(this.#root, name, String(version));
    const known = modelName.test(name) && versionFolder.test(String(version));
    if (known && (await this.#isWhole(folder))) return folder;
    throw new ServiceError(404, `there is no model '${name}' version ${version} in the store`);
  }

  /** Whether a version's folder has its model, and both lie in the repository: a link in or out of it cannot lead elsewhere. */
  async #isWhole(folder: string): Promise<boolean> {
    return (
      (await isInside(folder, this.#root, 'directory')) &&
      (await isInside(join(folder, 'model.onnx'), this.#root, 'file'))
    );
  }
}
