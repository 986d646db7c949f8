import { dirname, join, normalize } from 'node:path';
import type { OnnxModel } from '../../graph/onnx-model.ts';
import type { RandomAccess } from '../../ports/random-access.ts';
import { isInside } from '../directory-model-store/is-inside.ts';
import { leavesFolder } from '../directory-model-store/leaves-folder.ts';
import { FileAccess } from './file-access.ts';
import { readFileModel } from './read-file-model.ts';

/**
 * Reads the ONNX file at `path` as a graph; its weights are read when they are asked for, from this file and from
 * external data in its folder. Rejects with an Error where it is no ONNX file, or names external data that is not
 * there, or lies outside its folder.
 */
export async function openOnnxModel(path: string): Promise<OnnxModel> {
  const opened = new Map<string, Promise<RandomAccess>>();
  return readFileModel(path, (location) => {
    // However a location is written, a file is one file.
    const file = normalize(location);
    const known = opened.get(file) ?? openBeside(path, location);
    opened.set(file, known);
    return known;
  });
}

async function openBeside(path: string, location: string): Promise<RandomAccess> {
  const folder = dirname(path);
  const file = join(folder, location);
  if (leavesFolder(location) || !(await isInside(file, folder, 'file')))
    throw new Error(`${path} names external data '${location}': expected a file in the model's own folder`);
  return FileAccess.open(file);
}
