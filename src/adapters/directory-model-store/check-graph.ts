import { lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OnnxModel } from '../../graph/onnx-model.ts';
import type { OnnxSummary } from '../../graph/onnx-summary.ts';
import { summarizeModel } from '../../graph/summarize-model.ts';
import { externalDataError } from './external-data-error.ts';
import { isInside } from './is-inside.ts';
import { leavesFolder } from './leaves-folder.ts';
import { readGraph } from './read-graph.ts';

/** A graph, and what it says of itself. */
interface CheckedGraph extends OnnxSummary {
  readonly model: OnnxModel;
}

/**
 * Reads what the model at `path` says of itself. Refuses, with 400, one whose weights lie outside its folder; with 503
 * what cannot be read.
 */
export async function checkGraph(path: string, label: string): Promise<CheckedGraph> {
  const model = await readGraph(path, label);
  const summary = summarizeModel(model);
  for (const location of summary.externalData) await checkLocation(location, dirname(path), label);
  return { ...summary, model };
}

async function checkLocation(location: string, folder: string, label: string): Promise<void> {
  const leaves = leavesFolder(location);
  const path = join(folder, location);
  if (!leaves && (await isInside(path, folder, 'file'))) return;
  const isThere = await lstat(path).catch(() => undefined);
  throw externalDataError(label, location, leaves || isThere ? 'outside' : 'missing');
}
