import type { OpenSession, SessionOptions } from '../../ports/session.ts';
import { type Api, ortApi } from './api.ts';
import { check } from './check.ts';
import { checkServable } from './check-servable.ts';
import { loadFailure } from './load-failure.ts';
import { NativeSession } from './native-session.ts';
import type { Pointer } from './native-types.ts';
import { readSignature } from './read-signature.ts';

// Errors come back as statuses; logged as well, they would stand in the log twice, cancelled runs among them.
const logFatal = 4;

/** Opens a model with ONNX Runtime's C API, on another thread. */
export const openNativeSession: OpenSession = async (path, options) => {
  const api = ortApi();
  const session = await createSession(api, path, options).catch((error) => {
    throw loadFailure(error, path);
  });
  try {
    const signature = readSignature(api, session);
    checkServable(signature);
    return new NativeSession(api, session, signature, path);
  } catch (error) {
    api.releaseSession(session);
    throw error;
  }
};

async function createSession(api: Api, path: string, options: SessionOptions): Promise<Pointer> {
  const native = createOptions(api, options);
  const out = new BigUint64Array(1);
  // The runtime takes paths as the system does: UTF-16 on Windows, bytes elsewhere.
  const text = Buffer.from(`${path}\0`, process.platform === 'win32' ? 'utf16le' : 'utf8');
  try {
    const status = await new Promise<Pointer | null>((resolve, reject) => {
      api.createSession.async(api.environment, text, native, out, (error, result) => {
        if (error) reject(error);
        // Named here, so that the callback keeps the memory alive that the other thread reads and writes.
        else resolve(text.length > 0 && out.length > 0 ? result : null);
      });
    });
    check(api, status);
    return out[0] as Pointer;
  } finally {
    api.releaseSessionOptions(native);
  }
}

function createOptions(api: Api, { intraOpThreads }: SessionOptions): Pointer {
  const out = new BigUint64Array(1);
  check(api, api.createSessionOptions(out));
  const options = out[0] as Pointer;
  check(api, api.setSessionLogSeverityLevel(options, logFatal));
  check(api, api.setIntraOpNumThreads(options, intraOpThreads));
  check(api, api.setInterOpNumThreads(options, 1));
  // A thread that spins while it waits takes a processor from other models.
  check(api, api.addSessionConfigEntry(options, 'session.intra_op.allow_spinning', '0'));
  check(api, api.addSessionConfigEntry(options, 'session.inter_op.allow_spinning', '0'));
  return options;
}
