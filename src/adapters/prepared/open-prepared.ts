import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NotPrepared, PreparedFiles } from '../../ports/model-store.ts';
import { checkGraph } from '../directory-model-store/check-graph.ts';
import { manifestFile } from './manifest.ts';
import { parseManifest } from './parse-manifest.ts';

const mostManifestBytes = 16 * 1024 * 1024;

/** A prepared form that lies whole in a local folder. Rejects with an Error for what is none, or names weights outside that folder. */
export async function openPrepared(folder: string, label: string): Promise<PreparedFiles | NotPrepared> {
  const { size } = await stat(join(folder, manifestFile));
  if (size > mostManifestBytes) throw new Error(`${label}: the stored answer of its prepared form is ${size} bytes`);
  const text = await readFile(join(folder, manifestFile), 'utf8');
  const { whyNot, operators, mixesRows, answer } = parse(text, label);
  if (whyNot !== '') return { whyNot, wasTried: true };
  const { externalData } = await checkGraph(folder, label);
  const files = ['model.onnx', ...externalData].map((file) => stat(join(folder, file)));
  const bytes = (await Promise.all(files)).reduce((sum, status) => sum + status.size, size);
  return { path: join(folder, 'model.onnx'), folder, bytes, operators, mixesRows, answer };
}

function parse(text: string, label: string) {
  try {
    return parseManifest(text);
  } catch (cause) {
    throw new Error(`${label}: the stored answer of its prepared form cannot be read`, { cause });
  }
}
