import { dirname } from 'node:path';
import type { Api } from './api.ts';
import { check } from './check.ts';
import { createSession } from './create-session.ts';
import type { Pointer } from './native-types.ts';

/** Where the external data of a model that comes as bytes lies. Source: onnxruntime_session_options_config_keys.h. */
const folderKey = 'session.model_external_initializers_file_folder_path';

/** A model's file, and what is rather opened in its place, with what lies beside the file. */
interface ModelSource {
  readonly path: string;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Makes a session of a model by its bytes where there are some that the runtime takes, else by its file. Rejects as
 * `createSession`.
 */
export async function createSessionOf(
  api: Api,
  { path, bytes }: ModelSource,
  newOptions: () => Pointer,
): Promise<Pointer> {
  if (bytes) {
    try {
      const options = newOptions();
      check(api, api.addSessionConfigEntry(options, folderKey, dirname(path)));
      return await createSession(api, bytes, options);
    } catch {
      // What there is against the model, the runtime says of its file.
    }
  }
  return createSession(api, path, newOptions());
}
