import { posix } from 'node:path';
import { readOnnx } from '../src/adapters/onnx-files/read-onnx.ts';
import { samplesFile } from '../src/core/releases/samples-file.ts';
import type { Source } from './find-source.ts';

/**
 * The texts beside a model, by their names there, and where they are: what is made of it takes them over. Samples are
 * its own.
 */
export async function textsBeside({ toPush: { model, files } }: Source): Promise<ReadonlyMap<string, string>> {
  const { externalData } = await readOnnx(model);
  const [place = 'model.onnx'] = [...files].find(([, file]) => file === model) ?? [];
  const left = new Set([place, samplesFile, ...externalData.map((data) => posix.join(posix.dirname(place), data))]);
  return new Map([...files].filter(([file]) => !left.has(file)));
}
