import type { Api } from './api.ts';
import { check } from './check.ts';
import { loadFailure } from './load-failure.ts';
import { nativePath } from './native-path.ts';
import type { Pointer } from './native-types.ts';

/**
 * Makes a session of a model, the file at a path or the bytes of one, on another thread; takes `options` over. Rejects
 * with an Error whose message says why the runtime refused.
 */
export async function createSession(api: Api, model: string | Uint8Array, options: Pointer): Promise<Pointer> {
  const out = new BigUint64Array(1);
  const source = typeof model === 'string' ? nativePath(model) : model;
  try {
    const status = await new Promise<Pointer | null>((resolve, reject) => {
      const end = (error: Error | null, result: Pointer | null) => {
        if (error) reject(error);
        // Named here, so that the callback keeps the memory alive that the other thread reads and writes.
        else resolve(source.length > 0 && out.length > 0 ? result : null);
      };
      if (typeof model === 'string') api.createSession.async(api.environment, source, options, out, end);
      else api.createSessionFromArray.async(api.environment, source, source.length, options, out, end);
    });
    check(api, status);
    return out[0] as Pointer;
  } catch (error) {
    throw typeof model === 'string' ? loadFailure(error, model) : error;
  } finally {
    api.releaseSessionOptions(options);
  }
}
