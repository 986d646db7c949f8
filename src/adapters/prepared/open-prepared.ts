import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NotPrepared, PreparedFiles } from '../../ports/model-store.ts';
import { manifestFile } from './manifest.ts';
import { readPrepared } from './read-prepared.ts';

/**
 * A prepared form that lies whole in a local folder. Rejects as `readPrepared`.
 *
 * @param contents what its small files say, where they have been read
 */
export async function openPrepared(
  folder: string,
  label: string,
  contents = readPrepared(folder, label),
): Promise<PreparedFiles | NotPrepared> {
  const { whyNot, operators, mixesRows, classes, answer, externalData } = await contents;
  if (whyNot !== '') return { whyNot, wasTried: true };
  const files = [manifestFile, 'model.onnx', ...externalData].map((file) => stat(join(folder, file)));
  const bytes = (await Promise.all(files)).reduce((sum, status) => sum + status.size, 0);
  return { path: join(folder, 'model.onnx'), folder, bytes, operators, mixesRows, ...(classes && { classes }), answer };
}
