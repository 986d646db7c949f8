import type { OnnxModel } from '../../graph/onnx-model.ts';
import type { OpenData } from '../../graph/open-data.ts';
import { readModel } from '../../graph/read-model.ts';
import { FileAccess } from './file-access.ts';

/**
 * Reads the ONNX file at `path` as a graph, its weights left there; its external data by `open`, without which it need
 * not be there.
 */
export async function readFileModel(path: string, open?: OpenData): Promise<OnnxModel> {
  const file = await FileAccess.open(path);
  return file.hold(() => readModel(file, open));
}
