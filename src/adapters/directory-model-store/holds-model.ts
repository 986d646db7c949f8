import { readdir } from 'node:fs/promises';
import { onnxFile } from './onnx-file.ts';
import { versionFolder } from './version-folder.ts';

/**
 * Whether somebody may have meant a folder as a model or a version: it has an ONNX file, or a folder with a version's
 * name.
 */
export async function holdsModel(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => onnxFile.test(name) || versionFolder.test(name));
}
