import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnnxModel } from '../src/adapters/onnx-files/write-onnx-model.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';

export interface WrittenModel {
  /** Of the model; external data lies beside it. */
  readonly path: string;
  /** Of all its files. */
  readonly bytes: number;
}

/** Writes a model into a new folder of its own, `name`, in `folder`. */
export async function writeMade(model: OnnxModel, folder: string, name: string): Promise<WrittenModel> {
  const own = join(folder, name);
  await mkdir(own);
  const path = join(own, 'model.onnx');
  let bytes = 0;
  for (const file of await writeOnnxModel(model, path)) bytes += (await stat(file)).size;
  return { path, bytes };
}
