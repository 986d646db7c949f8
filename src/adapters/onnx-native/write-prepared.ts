import { join } from 'node:path';
import { ortApi } from './api.ts';
import { check } from './check.ts';
import { createOptions, optimization } from './create-options.ts';
import { createSessionOf } from './create-session-of.ts';
import { decoderBytes } from './decoder/decoder-bytes.ts';
import { nativePath } from './native-path.ts';
import { weightsFile } from './weights-file.ts';

// Smaller tensors stay in the model: the runtime wants those that give shapes there.
const leastExternalBytes = 1024;

/**
 * Writes the model at `path` into `folder` as this machine's runtime would hold it: its graph optimized, convolutions
 * laid out for this processor among it, and its weights in a file beside it, which is mapped when the model is opened.
 *
 * One of a decoder takes `firstLogits`, where it can. Rejects with an Error where the runtime refuses it. Source of the
 * keys: onnxruntime_session_options_config_keys.h.
 */
export async function writePrepared(path: string, folder: string, isDecoder = false): Promise<void> {
  const api = await ortApi();
  const newOptions = () => {
    const options = createOptions(api, { intraOpThreads: 1 }, optimization.all);
    const target = nativePath(join(folder, 'model.onnx'));
    check(api, api.setOptimizedModelFilePath(options, target));
    const entries = {
      'session.optimized_model_external_initializers_file_name': weightsFile,
      'session.optimized_model_external_initializers_min_size_in_bytes': String(leastExternalBytes),
    };
    for (const [key, value] of Object.entries(entries)) check(api, api.addSessionConfigEntry(options, key, value));
    return options;
  };
  const bytes = isDecoder ? await decoderBytes(path, Number.POSITIVE_INFINITY) : undefined;
  const session = await createSessionOf(api, { path, bytes }, newOptions);
  await new Promise<void>((resolve) => api.releaseSession.async(session, () => resolve()));
}
