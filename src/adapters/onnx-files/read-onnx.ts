import type { OnnxSummary } from '../../graph/onnx-summary.ts';
import { summarizeModel } from '../../graph/summarize-model.ts';
import { readFileModel } from './read-file-model.ts';

/**
 * Summarizes an ONNX file without reading its weights; external data need not be there. Rejects with an Error where it
 * is no ONNX file.
 */
export async function readOnnx(path: string): Promise<OnnxSummary> {
  return summarizeModel(await readFileModel(path));
}
