import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { emptyReleases } from '../../core/releases/empty-releases.ts';
import { versionLabel } from '../../core/version-label.ts';
import type {
  ModelFiles,
  ModelStore,
  NotPrepared,
  PreparedFiles,
  ReleaseState,
  StoredModel,
} from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { digestOf } from '../prepared/digest-of.ts';
import { noPreparedForm } from '../prepared/no-prepared-form.ts';
import { openPrepared } from '../prepared/open-prepared.ts';
import { placeFolder } from '../prepared/place-folder.ts';
import { preparedFolder } from '../prepared/prepared-folder.ts';
import { preparedKey } from '../prepared/prepared-key.ts';
import { isSafeFile } from '../s3-model-store/is-safe-file.ts';
import { signatureFile } from '../signatures/signature-file.ts';
import { changeReleases } from './change-releases.ts';
import { checkVersionName } from './check-version-name.ts';
import { explainModelName } from './explain-model-name.ts';
import { fillModelConfig } from './fill-model-config.ts';
import { findModelFile } from './find-model-file.ts';
import { holdsModel } from './holds-model.ts';
import { isInside } from './is-inside.ts';
import { listFiles } from './list-files.ts';
import { modelName } from './model-name.ts';
import { noRepository } from './no-repository.ts';
import { onnxFile } from './onnx-file.ts';
import { placeVersion } from './place-version.ts';
import { readModelConfig } from './read-model-config.ts';
import { readReleases } from './read-releases.ts';
import { readSettings } from './read-settings.ts';
import { readTraits } from './read-traits.ts';
import { readVersions } from './read-versions.ts';
import { removeVersion } from './remove-version.ts';
import { storedModel } from './stored-model.ts';
import { unreadable } from './unreadable.ts';
import { versionFolder } from './version-folder.ts';
import type { ModelFile } from './version-layout.ts';
import { watchFolder } from './watch-folder.ts';

/**
 * A model repository in a directory: `<root>/<model>/<version>/model.onnx`, or `<root>/<model>/model.json` with steps.
 */
export class DirectoryModelStore implements ModelStore {
  readonly #root: string;
  /** What the file system said of aliases.json, by model. */
  readonly #told = new Map<string, string>();

  constructor(root: string) {
    this.#root = resolve(root);
  }

  async list(): Promise<readonly StoredModel[]> {
    const names = await readdir(this.#root).catch((cause) => {
      throw noRepository(this.#root, cause);
    });
    const seen = names.filter((name) => !name.startsWith('.')).sort();
    const models = await Promise.all(seen.map(async (name) => (await this.find(name)) ?? this.#misplaced(name)));
    return models.filter((model) => model !== undefined);
  }

  async find(name: string): Promise<StoredModel | undefined> {
    if (!modelName.test(name)) return undefined;
    const folder = join(this.#root, name);
    if (!(await isInside(folder, this.#root, 'directory'))) return undefined;
    this.#told.set(name, await fingerprint(folder));
    const releases = await readReleases(() => readSettings(join(folder, 'aliases.json'), this.#root));
    const found = await readVersions(folder, this.#root, releases.value);
    const config = await readModelConfig(() => readSettings(join(folder, 'model.json'), this.#root));
    return storedModel({ name, ...found }, config, releases);
  }

  async fetch(name: string, version: number): Promise<ModelFiles> {
    const { folder, modelFile } = await this.#version(name, version);
    const label = versionLabel(name, version);
    const path = join(folder, modelFile);
    const traits = await readTraits(path, label);
    const files = await listFiles(folder, modelFile, label);
    return {
      path,
      folder,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      ...traits,
    };
  }

  async fetchPrepared(name: string, version: number): Promise<PreparedFiles | NotPrepared> {
    const { folder } = await this.#version(name, version);
    const prepared = join(folder, preparedFolder, preparedKey(await this.digest(name, version)));
    if (!(await isInside(prepared, folder, 'directory'))) return noPreparedForm;
    return openPrepared(prepared, versionLabel(name, version));
  }

  /**
   * Of names, lengths and times: to read the files through would take as long as to load them. A signature changes
   * nothing.
   */
  async digest(name: string, version: number): Promise<string> {
    const { folder, modelFile } = await this.#version(name, version);
    const files = await listFiles(folder, modelFile, versionLabel(name, version));
    const signed = files.filter(({ file }) => file !== signatureFile);
    return digestOf(signed.map(({ file, bytes, changedMs }) => [file, bytes, changedMs]));
  }

  async putPrepared(name: string, version: number, digest: string, source: string): Promise<void> {
    const folder = join((await this.#version(name, version)).folder, preparedFolder);
    await mkdir(folder, { recursive: true });
    if (!(await isInside(folder, this.#root, 'directory'))) {
      throw new ServiceError(400, `'${name}/${version}/${preparedFolder}' leads out of the model repository`);
    }
    await placeFolder(source, join(folder, preparedKey(digest)));
  }

  async readText(name: string, version: number, file: string): Promise<string> {
    const { folder } = await this.#version(name, version);
    const path = join(folder, file);
    if (!isSafeFile(file) || !(await isInside(path, folder, 'file'))) {
      throw new ServiceError(404, `${versionLabel(name, version)} has no file '${file}' in its folder`);
    }
    return readFile(path, 'utf8').catch((cause) => {
      throw unreadable(`${versionLabel(name, version)}: ${file}`, cause);
    });
  }

  async put(name: string, version: number, files: ReadonlyMap<string, string>): Promise<void> {
    checkVersionName(name, version);
    await placeVersion(this.#root, name, version, files);
  }

  async remove(name: string, version: number): Promise<void> {
    checkVersionName(name, version);
    const folder = join(this.#root, name);
    if (await isInside(folder, this.#root, 'directory'))
      await removeVersion(folder, version, versionLabel(name, version));
  }

  async changeReleases(name: string, change: (before: ReleaseState) => ReleaseState): Promise<ReleaseState> {
    if (!modelName.test(name)) throw new ServiceError(404, `there is no model '${name.slice(0, 256)}'`);
    return changeReleases(this.#root, name, change);
  }

  async hasNewReleases(name: string): Promise<boolean> {
    return modelName.test(name) && (this.#told.get(name) ?? '') !== (await fingerprint(join(this.#root, name)));
  }

  watch(changed: () => void): () => void {
    return watchFolder(this.#root, changed);
  }

  /** What a name in the root that is no model's may have been meant as; undefined where it is nothing of ours. */
  async #misplaced(name: string): Promise<StoredModel | undefined> {
    const problem = await this.#whyNoModel(name);
    if (problem === undefined) return undefined;
    return { name, versions: [], config: fillModelConfig({}), ...emptyReleases, problem, misplaced: [problem] };
  }

  async #whyNoModel(name: string): Promise<string | undefined> {
    const path = join(this.#root, name);
    if (onnxFile.test(name)) return `'${name}' lies in no model's folder: expected '<model>/1/model.onnx'`;
    if (!(await holdsModel(path))) return undefined;
    if (!modelName.test(name)) return explainModelName(name);
    if (await isInside(path, this.#root, 'directory')) return undefined;
    return `'${name}' leads out of the model repository: expected a folder in it, or a link to one`;
  }

  async #version(name: string, version: number): Promise<{ readonly folder: string; readonly modelFile: ModelFile }> {
    const folder = join(this.#root, name, String(version));
    const isKnown = modelName.test(name) && versionFolder.test(String(version));
    const modelFile = isKnown ? await findModelFile(folder, this.#root) : undefined;
    if (modelFile) return { folder, modelFile };
    throw new ServiceError(404, `there is no ${versionLabel(name, version)} in the store`);
  }
}

/** Of a model's aliases.json, from what the file system tells of it; empty where there is none. */
async function fingerprint(folder: string): Promise<string> {
  const found = await stat(join(folder, 'aliases.json'), { bigint: true }).catch(() => undefined);
  return found ? `${found.ino} ${found.mtimeNs} ${found.size}` : '';
}
