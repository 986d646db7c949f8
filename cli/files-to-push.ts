import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, resolve, sep } from 'node:path';
import { type ModelFile, modelFiles } from '../src/adapters/directory-model-store/version-layout.ts';
import { readOnnx } from '../src/adapters/onnx-files/read-onnx.ts';
import { isSafeFile } from '../src/adapters/s3-model-store/is-safe-file.ts';
import { signatureFile } from '../src/adapters/signatures/signature-file.ts';
import { versionManifestFile } from '../src/adapters/signatures/version-manifest-file.ts';

/** What becomes a version: the model, and all its files by their paths in the version's folder. */
export interface FilesToPush {
  /** Absolute path. */
  readonly model: string;
  /** As whoever pushes it calls it. */
  readonly label: string;
  readonly files: ReadonlyMap<string, string>;
}

const onnx = /\.onnx$/i;
/**
 * What is read of a version beside its model: tokenizer.json, config.json, labels.txt, chat_template.jinja,
 * samples.jsonl.
 */
const text = /\.(json|txt|jinja)$|^samples\.jsonl$/;
/** What belongs to a model, not to one version of it. */
const settings = ['model.json', 'aliases.json'];
/** What is made anew of each version. */
const ownFiles: readonly string[] = [versionManifestFile, signatureFile];
const maxTextBytes = 64 * 1024 * 1024;

/**
 * The files of a version: one ONNX file, its external data, and texts beside it; or what of a folder they are, which
 * may be a repository of Hugging Face. Rejects with an Error that says what was expected.
 */
export async function filesToPush(paths: readonly string[]): Promise<FilesToPush> {
  const [first = ''] = paths;
  const isFolder = (await stat(first).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder && paths.length > 1) throw new Error(`${first} is a folder: push it alone, or files`);
  const { label, place, texts } = isFolder ? await ofFolder(first) : ofFiles(paths);
  const model = resolve(label);
  await checkFile(label);
  const { externalData } = await readOnnx(model).catch((error: Error) => {
    throw new Error(`${label} is ${error.message}`);
  });
  const files = new Map<string, string>();
  for (const [file, path] of texts) files.set(file, await checkText(file, path));
  for (const location of externalData) {
    const file = posix.join(posix.dirname(place), location);
    if (file === place)
      throw new Error(
        `${label} names its external data 'model.onnx', which is what the model itself is stored as: save the data under another name`,
      );
    files.set(file, join(dirname(model), location));
  }
  return { model, label, files: files.set(place, model) };
}

interface Found {
  readonly label: string;
  readonly place: ModelFile;
  readonly texts: readonly (readonly [file: string, path: string])[];
}

function ofFiles(paths: readonly string[]): Found {
  const models = paths.filter((path) => onnx.test(path));
  // A single file is taken for the model, whatever it is called.
  const [label, another] = models.length === 0 && paths.length === 1 ? paths : models;
  if (label === undefined || another !== undefined)
    throw new Error(`expected one ONNX file, got ${models.length === 0 ? 'none' : models.join(' and ')}`);
  const beside = paths.filter((path) => path !== label);
  return { label, place: 'model.onnx', texts: beside.map((path) => [basename(path), path]) };
}

async function ofFolder(folder: string): Promise<Found> {
  const entries = (await readdir(folder, { recursive: true })).map((entry) => entry.split(sep).join('/')).sort();
  const place = modelFiles.find((file) => entries.includes(file));
  if (place === undefined) {
    const others = entries.filter((entry) => onnx.test(entry));
    throw new Error(
      `${folder}: expected ${modelFiles.join(' or ')}, got ${others.join(', ') || 'no ONNX file'}${
        others.length > 0
          ? `; push the one that you want with the files beside it: push ${join(folder, others[0] as string)} ${join(folder, 'config.json')} …`
          : ''
      }`,
    );
  }
  const texts = entries.filter((entry) => text.test(entry) && isSafeFile(entry) && !ownFiles.includes(entry));
  return { label: join(folder, place), place, texts: texts.map((entry) => [entry, join(folder, entry)]) };
}

async function checkFile(path: string): Promise<void> {
  if (!(await stat(path).catch(() => undefined))?.isFile()) throw new Error(`there is no file ${path}`);
}

async function checkText(file: string, path: string): Promise<string> {
  if (settings.includes(file))
    throw new Error(`${path} is of all versions of the model: put it beside their folders, as <models>/<name>/${file}`);
  if (ownFiles.includes(file)) throw new Error(`${path}: push makes a ${file} of its own`);
  if (!text.test(file) || !isSafeFile(file))
    throw new Error(
      `${path}: beside a model go texts (.json, .txt, .jinja), samples.jsonl, and the external data that it names by itself`,
    );
  await checkFile(path);
  const { size } = await stat(path);
  if (size > maxTextBytes) throw new Error(`${path} is ${size} bytes, more than the ${maxTextBytes} of a text`);
  return resolve(path);
}
