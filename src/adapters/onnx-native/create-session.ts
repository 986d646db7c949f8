import type { Api } from './api.ts';
import { check } from './check.ts';
import { loadFailure } from './load-failure.ts';
import { nativePath } from './native-path.ts';
import type { Pointer } from './native-types.ts';

/** Makes a session of the model at `path`, on another thread; takes `options` over. Rejects with an Error whose message says why the runtime refused. */
export async function createSession(api: Api, path: string, options: Pointer): Promise<Pointer> {
  const out = new BigUint64Array(1);
  const text = nativePath(path);
  try {
    const status = await new Promise<Pointer | null>((resolve, reject) => {
      api.createSession.async(api.environment, text, options, out, (error, result) => {
        if (error) reject(error);
        // Named here, so that the callback keeps the memory alive that the other thread reads and writes.
        else resolve(text.length > 0 && out.length > 0 ? result : null);
      });
    });
    check(api, status);
    return out[0] as Pointer;
  } catch (error) {
    throw loadFailure(error, path);
  } finally {
    api.releaseSessionOptions(options);
  }
}
