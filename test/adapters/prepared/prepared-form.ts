import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../../src/adapters/prepared/manifest.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';

/** An ONNX file whose one weight lies in `location`. */
export function modelWithWeights(location: string): Uint8Array {
  const initializers = [{ name: 'w', datatype: 'FP32' as const, shape: [1], data: { location } }];
  return buildOnnx({ inputs: [], outputs: [], nodes: [], initializers });
}

/** A manifest of a form that is used. */
export const manifest: Manifest = {
  format: 2,
  whyNot: '',
  operators: ['Conv'],
  mixesRows: 'Conv of a test',
  answer: { values: 'zeros', inputs: [], outputs: [{ name: 'y', shape: [1], elements: [1] }] },
};

/**
 * Writes what a prepared form consists of into a new folder in `base`, which comes back. Files that are undefined are
 * left out.
 */
export async function writeForm(
  base: string,
  more: Readonly<Record<string, string | Uint8Array | undefined>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(base, 'form-'));
  const files = {
    'model.onnx': modelWithWeights('weights.bin'),
    'weights.bin': 'abcd',
    'answer.json': JSON.stringify(manifest),
    ...more,
  };
  for (const [file, content] of Object.entries(files)) {
    if (content !== undefined) await writeFile(join(folder, file), content);
  }
  return folder;
}
