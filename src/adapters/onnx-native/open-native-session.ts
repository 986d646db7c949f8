import { dirname, sep } from 'node:path';
import type { OpenSession, SessionOptions } from '../../ports/session.ts';
import { type Api, ortApi } from './api.ts';
import { appendCuda } from './append-cuda.ts';
import { checkServable } from './check-servable.ts';
import { cleanMessage } from './clean-message.ts';
import { createOptions, optimization } from './create-options.ts';
import { createSession } from './create-session.ts';
import { libraryPath } from './library-path.ts';
import { NativeSession } from './native-session.ts';
import { readSignature } from './read-signature.ts';

/** Opens a model with ONNX Runtime's C API, on another thread. */
export const openNativeSession: OpenSession = async (path, options) => {
  const api = await ortApi();
  if (!options.cuda) return open(api, path, options);
  try {
    return await open(api, path, options);
  } catch (error) {
    if (!options.cuda.orCpu) throw error;
    // A model that no provider can open fails here again, with the reason.
    return open(api, path, { ...options, cuda: undefined }, (error as Error).message);
  }
};

async function open(
  api: Api,
  path: string,
  { isPrepared, cuda, ...threads }: SessionOptions,
  whyNotCuda?: string,
): Promise<NativeSession> {
  const options = createOptions(api, threads, isPrepared ? optimization.none : optimization.all);
  try {
    if (cuda) appendCuda(api, options, cuda);
  } catch (error) {
    api.releaseSessionOptions(options);
    throw withoutCuda(error as Error, cuda?.orCpu ?? false);
  }
  const session = await createSession(api, path, options);
  try {
    const signature = readSignature(api, session);
    checkServable(signature);
    return new NativeSession(api, session, signature, { path, whyNotCuda, spins: threads.spinning ?? false });
  } catch (error) {
    api.releaseSession(session);
    throw error;
  }
}

function withoutCuda(error: Error, orCpu: boolean): Error {
  const reason = cleanMessage(error.message, [dirname(libraryPath()) + sep]);
  const advice = orCpu ? '' : '; "executionProviders": ["cuda", "cpu"] runs it on the processor where there is no GPU';
  return new Error(`it is to run on a GPU, and CUDA cannot be used: ${reason}${advice}`, { cause: error });
}
