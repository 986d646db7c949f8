import { versionFolder } from './version-folder.ts';

/**
 * What is wrong with an ONNX file that lies in a model's folder itself, from within a quoted path on, by what the model
 * is called.
 */
export function fileWithoutVersion(model: string): string {
  // What is called as a version is, may be one.
  const above = versionFolder.test(model) ? '; or does the model repository begin a folder above?' : '';
  return `' lies in no version's folder: expected '${model}/1/model.onnx'${above}`;
}
