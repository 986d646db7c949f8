import { dirname } from 'node:path/posix';
import { explainModelName } from '../directory-model-store/explain-model-name.ts';
import { fileWithoutVersion } from '../directory-model-store/file-without-version.ts';
import { modelName } from '../directory-model-store/model-name.ts';
import { onnxFile } from '../directory-model-store/onnx-file.ts';
import { repositoryWithoutVersion } from '../directory-model-store/repository-without-version.ts';
import { tritonConfig, tritonConfigBeside } from '../directory-model-store/triton-config.ts';
import { versionFolder } from '../directory-model-store/version-folder.ts';
import { isPartOf, modelFileAmong } from '../directory-model-store/version-layout.ts';
import { whyNoModel } from '../directory-model-store/why-no-model.ts';
import { preparedFileNames } from '../prepared/prepared-file-names.ts';
import { preparedFolder } from '../prepared/prepared-folder.ts';
import { isSafeFile } from './is-safe-file.ts';
import type { LaidOutModel } from './laid-out-model.ts';
import type { StoredObject } from './stored-object.ts';

type Files = ReadonlyMap<string, StoredObject>;

/**
 * The models that objects under `prefix` lay out, by name. Hidden names, and keys that stand for folders, are passed
 * over.
 */
export function readLayout(objects: readonly StoredObject[], prefix: string): ReadonlyMap<string, LaidOutModel> {
  const files = objects.map((object): [string, StoredObject] => [object.key.slice(prefix.length), object]);
  const seen = files.filter(([path]) => !path.endsWith('/') && !/(^|\/)\.[^./]/.test(path));
  const prepared = readPrepared(files);
  const models = [...byFirstPart(seen)].map(([name, own]) => readModel(name, own, prepared.get(name) ?? new Map()));
  return new Map(models.filter((model) => model !== undefined).map((model) => [model.name, model]));
}

/** The objects of prepared forms, by model, then by `<version>/<key>`. */
function readPrepared(
  files: Iterable<readonly [string, StoredObject]>,
): Map<string, Map<string, Map<string, StoredObject>>> {
  const models = new Map<string, Map<string, Map<string, StoredObject>>>();
  for (const [path, object] of files) {
    const [name = '', version = '', folder, key = '', file, ...rest] = path.split('/');
    const known = preparedFileNames.find((each) => each === file);
    if (folder !== preparedFolder || known === undefined || rest.length > 0) continue;
    const forms = models.get(name) ?? new Map<string, Map<string, StoredObject>>();
    const form = forms.get(`${version}/${key}`) ?? new Map<string, StoredObject>();
    models.set(name, forms.set(`${version}/${key}`, form.set(known, object)));
  }
  return models;
}

/** Paths by their first part, without it; a path of one part is ''. */
function byFirstPart(files: Iterable<readonly [string, StoredObject]>): Map<string, Map<string, StoredObject>> {
  const parts = new Map<string, Map<string, StoredObject>>();
  for (const [path, object] of files) {
    const [, first = path, rest = ''] = /^([^/]*)\/(.*)$/s.exec(path) ?? [];
    const own = parts.get(first) ?? new Map<string, StoredObject>();
    parts.set(first, own.set(rest, object));
  }
  return parts;
}

function readModel(name: string, files: Files, prepared: LaidOutModel['prepared']): LaidOutModel | undefined {
  if (files.has('') && onnxFile.test(name))
    return unusable(name, `'${name}' lies in no model's folder: expected '<model>/1/model.onnx'`);
  const versions: [number, Files][] = [];
  const misplaced: string[] = [];
  const folders = byFirstPart(files);
  for (const [folder, own] of folders) {
    const problem = misplacedIn(name, folder, own);
    if (problem) misplaced.push(problem);
    else if (versionFolder.test(folder) && modelFileAmong(own)) versions.push([Number(folder), partsOf(own)]);
  }
  if (versions.length > 0 && folders.get(tritonConfig)?.has('')) misplaced.push(tritonConfigBeside(name));
  const config = folders.get('model.json')?.get('');
  // It may be an ensemble, which has no files.
  if (versions.length === 0 && misplaced.length === 0 && !config) return undefined;
  const isMeant = versions.length > 0 || misplaced.length > 0;
  if (!modelName.test(name)) return isMeant ? unusable(name, explainModelName(name)) : undefined;
  return {
    name,
    versions: new Map(versions.sort(([a], [b]) => a - b)),
    prepared,
    misplaced,
    config,
    aliases: folders.get('aliases.json')?.get(''),
  };
}

/** What of a version's folder is part of it. */
function partsOf(files: Files): Files {
  const modelFile = modelFileAmong(files);
  // An object may have the folder's own name.
  return new Map([...files].filter(([path]) => path !== '' && modelFile && isPartOf(modelFile, path)));
}

function unusable(name: string, problem: string): LaidOutModel {
  return {
    name,
    versions: new Map(),
    prepared: new Map(),
    misplaced: [problem],
    config: undefined,
    aliases: undefined,
  };
}

/**
 * What is wrong with what lies in a model's folder under one name; undefined where all is well, or nothing of ours.
 *
 * Of a version without any ONNX file nothing is said: its model comes last, and may be on its way.
 */
function misplacedIn(name: string, folder: string, files: Files): string | undefined {
  const paths = [...files.keys()].filter((path) => path !== '');
  const other = paths.find((path) => onnxFile.test(path) && (!path.includes('/') || dirname(path) === 'onnx'));
  if (folder === '') return undefined;
  if (onnxFile.test(folder) && files.has('')) return `'${name}/${folder}${fileWithoutVersion(name)}`;
  if (folder === 'onnx' && other !== undefined) return `'${name}/${repositoryWithoutVersion(name)}`;
  if (!versionFolder.test(folder)) {
    const isMeant = other !== undefined || paths.some((path) => versionFolder.test(path.split('/', 1)[0] as string));
    return isMeant
      ? `'${name}/${folder}' is no version: expected a whole number from 1 on, such as '${name}/1'`
      : undefined;
  }
  const unsafe = paths.find((path) => !isSafeFile(path));
  if (unsafe !== undefined)
    return `'${name}/${folder}/${unsafe}' has a name that no file may have: expected plain parts with '/' between`;
  if (modelFileAmong(files) || other === undefined) return undefined;
  return `'${name}/${folder}${whyNoModel(paths.filter((path) => path === other))}`;
}
