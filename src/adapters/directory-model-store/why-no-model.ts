import { dirname, posix } from 'node:path';
import { onnxFile } from './onnx-file.ts';

/**
 * What a version's folder with these files lacks, from within its quoted path on: a model by the name that it has to
 * have.
 */
export function whyNoModel(files: readonly string[]): string {
  const other = files.find((file) => onnxFile.test(file));
  if (other === undefined) return "' has no model.onnx";
  return `' has '${other}': expected the name '${posix.join(dirname(other), 'model.onnx')}'`;
}
