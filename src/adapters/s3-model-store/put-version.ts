import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path/posix';
import { isDeepStrictEqual } from 'node:util';
import { summarizeModel } from '../../graph/summarize-model.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { externalDataError } from '../directory-model-store/external-data-error.ts';
import { leavesFolder } from '../directory-model-store/leaves-folder.ts';
import { modelFileOf } from '../directory-model-store/model-file-of.ts';
import { readGraph } from '../directory-model-store/read-graph.ts';
import { refuseDeleted } from '../directory-model-store/refuse-deleted.ts';
import { versionExistsError } from '../directory-model-store/version-exists-error.ts';
import { modelFiles } from '../directory-model-store/version-layout.ts';
import { filesOfManifest } from '../signatures/files-of-manifest.ts';
import { signatureFile } from '../signatures/signature-file.ts';
import { versionManifestFile } from '../signatures/version-manifest-file.ts';
import { isSafeFile } from './is-safe-file.ts';
import type { ObjectSource } from './object-source.ts';
import { readReleaseObject } from './read-release-object.ts';
import { readSource } from './read-source.ts';
import { removeVersion } from './remove-version.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { uploadObject } from './upload-object.ts';

/**
 * Stores files as a version of the model whose keys begin with `modelFolder`, so that it is seen whole or not at all.
 *
 * The model, without which nothing is a version, comes last. No object is ever written over, and all callers store
 * files in one order: of two that store one version, the one that is first at the first file in which they differ goes
 * on, and the other gets 409. A push that was cut off is taken up by the next with the same files. Rejects with 400 for
 * files that may not be stored, with 409 for one that was deleted.
 */
export async function putVersion(
  client: S3Client,
  modelFolder: string,
  version: number,
  label: string,
  files: ReadonlyMap<string, string>,
): Promise<void> {
  const folder = `${modelFolder}${version}/`;
  const releases = `${modelFolder}aliases.json`;
  const modelFile = modelFileOf(files, label);
  for (const file of files.keys()) {
    if (!isSafeFile(file)) throw new ServiceError(400, `file '${file}' would leave the version's folder`);
  }
  await checkExternalData(files, modelFile, label);
  const refuse = async () => refuseDeleted(await readReleaseObject(client, releases), version, label);
  await refuse();
  for (const file of modelFiles) if (await exists(client, `${folder}${file}`)) throw versionExistsError(label);
  const beside = [...files].filter(([file]) => file !== modelFile).sort(([a], [b]) => order(a, b));
  for (const [file, path] of beside) {
    const source = await readSource(path);
    const key = `${folder}${file}`;
    if (await uploadObject(client, key, source)) continue;
    // A signature is one of the manifest that came with it.
    const mayTell = file === versionManifestFile && !files.has(signatureFile);
    const isSame = await holdsSame(client, key, source, mayTell).catch((error) => {
      // The version was whole, and was deleted since.
      throw error instanceof S3Error && error.status === 404 ? versionExistsError(label) : error;
    });
    if (!isSame) throw inPartError(label, file);
  }
  const model = await readSource(files.get(modelFile) as string);
  if (!(await uploadObject(client, `${folder}${modelFile}`, model))) throw versionExistsError(label);
  // Another may have stored it, and deleted it, while this one was under way.
  await refuse().catch(async (error) => {
    await removeVersion(client, folder);
    throw error;
  });
}

/** The manifest comes first: whoever stores other files as that version finds it, and leaves none of them there. */
function order(a: string, b: string): number {
  if (a === versionManifestFile || b === versionManifestFile) return a === versionManifestFile ? -1 : 1;
  return a < b ? -1 : 1;
}

async function checkExternalData(files: ReadonlyMap<string, string>, modelFile: string, label: string): Promise<void> {
  const { externalData } = summarizeModel(await readGraph(files.get(modelFile) as string, label));
  for (const location of externalData) {
    if (leavesFolder(location)) throw externalDataError(label, location, 'outside');
    if (!files.has(join(dirname(modelFile), location))) throw externalDataError(label, location, 'missing');
  }
}

function inPartError(label: string, file: string): ServiceError {
  return new ServiceError(
    409,
    `${label} is there in part, with another '${file}': another push is under way, or was cut off; store it as another version, or remove what is there`,
  );
}

/**
 * Whether what is stored under a key is that source, or, if it `mayTell` of the version, a manifest of the same files.
 */
async function holdsSame(client: S3Client, key: string, source: ObjectSource, mayTell: boolean): Promise<boolean> {
  const { headers } = await client.ask({ method: 'HEAD', key, headers: { 'x-amz-checksum-mode': 'ENABLED' } });
  const { 'x-amz-checksum-crc32': checksum, 'content-length': bytes } = headers;
  if (checksum === source.checksum && bytes === String(source.bytes)) return true;
  return mayTell && namesSame(client, key, source.path);
}

/** Whether the manifest that is there says the same of all files: then that push was cut off, and it tells of it. */
async function namesSame(client: S3Client, key: string, path: string): Promise<boolean> {
  const { body } = await client.ask({ method: 'GET', key });
  try {
    const [there, own] = [body.toString(), await readFile(path, 'utf8')].map(filesOfManifest);
    return isDeepStrictEqual(there, own);
  } catch {
    return false;
  }
}

async function exists(client: S3Client, key: string): Promise<boolean> {
  try {
    await client.ask({ method: 'HEAD', key });
    return true;
  } catch (error) {
    if (error instanceof S3Error && error.status === 404) return false;
    throw error;
  }
}
