import { stat } from 'node:fs/promises';
import { collectBytes } from '../../../graph/collect-bytes.ts';
import { encodeModel } from '../../../graph/encode-model.ts';
import { logitsFrom } from '../../../graph/passes/logits-from.ts';
import { readFileModel } from '../../onnx-files/read-file-model.ts';

/**
 * The decoder at `path` as one that takes `firstLogits`, its external data left where it is.
 *
 * Undefined where it is not to be made one, cannot be read, or the file holds weights itself and is larger than
 * `mostBytes`: it is in memory beside what the runtime makes of it.
 */
export async function decoderBytes(path: string, mostBytes: number): Promise<Uint8Array | undefined> {
  try {
    if ((await stat(path)).size > mostBytes) return undefined;
    const model = await readFileModel(path);
    const made = logitsFrom(model);
    return made === model ? undefined : await collectBytes(encodeModel(made, { keepsFiles: true }).file);
  } catch {
    // Who opens the file hears of it.
    return undefined;
  }
}
