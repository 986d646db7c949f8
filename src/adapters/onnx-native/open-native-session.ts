import type { OpenSession } from '../../ports/session.ts';
import { ortApi } from './api.ts';
import { checkServable } from './check-servable.ts';
import { createOptions, optimization } from './create-options.ts';
import { createSession } from './create-session.ts';
import { NativeSession } from './native-session.ts';
import { readSignature } from './read-signature.ts';

/** Opens a model with ONNX Runtime's C API, on another thread. */
export const openNativeSession: OpenSession = async (path, { intraOpThreads, isPrepared }) => {
  const api = await ortApi();
  const options = createOptions(api, intraOpThreads, isPrepared ? optimization.none : optimization.all);
  const session = await createSession(api, path, options);
  try {
    const signature = readSignature(api, session);
    checkServable(signature);
    return new NativeSession(api, session, signature, path);
  } catch (error) {
    api.releaseSession(session);
    throw error;
  }
};
