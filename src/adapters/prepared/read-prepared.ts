import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { classNames } from '../../graph/class-names.ts';
import { checkGraph } from '../directory-model-store/check-graph.ts';
import { type Manifest, manifestFile } from './manifest.ts';
import { parseManifest } from './parse-manifest.ts';

/** What the small files of a prepared form say. */
export interface PreparedContents extends Manifest {
  /** The files beside the graph that weights lie in. */
  readonly externalData: readonly string[];
}

const mostManifestBytes = 16 * 1024 * 1024;

/**
 * Reads the small files of a prepared form; its weights need not be whole yet. Rejects with an Error for what is none,
 * or names weights outside its folder.
 */
export async function readPrepared(folder: string, label: string): Promise<PreparedContents> {
  const { size } = await stat(join(folder, manifestFile));
  if (size > mostManifestBytes) throw new Error(`${label}: the stored answer of its prepared form is ${size} bytes`);
  const manifest = parse(await readFile(join(folder, manifestFile), 'utf8'), label);
  if (manifest.whyNot !== '') return { ...manifest, externalData: [] };
  const { externalData, model } = await checkGraph(join(folder, 'model.onnx'), label);
  return { ...manifest, externalData, classes: classNames(model.graph) };
}

function parse(text: string, label: string): Manifest {
  try {
    return parseManifest(text);
  } catch (cause) {
    throw new Error(`${label}: the stored answer of its prepared form cannot be read`, { cause });
  }
}
