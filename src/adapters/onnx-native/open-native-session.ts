import { dirname, sep } from 'node:path';
import type { SessionOptions } from '../../ports/session.ts';
import { type Api, ortApi } from './api.ts';
import { appendCuda } from './append-cuda.ts';
import { checkServable } from './check-servable.ts';
import { cleanMessage } from './clean-message.ts';
import { createOptions, optimization } from './create-options.ts';
import { createSessionOf } from './create-session-of.ts';
import type { Device } from './device/device.ts';
import type { DevicePlace } from './device/device-place.ts';
import { libraryPath } from './library-path.ts';
import { NativeSession } from './native-session.ts';
import type { Pointer } from './native-types.ts';
import { readSignature } from './read-signature.ts';

/**
 * Of a file that is held beside what the runtime makes of it as it loads: a graph whose weights lie beside it, or what
 * is too small to be prepared.
 */
const mostBytes = 8 * 1024 * 1024;

/**
 * Opens a model with ONNX Runtime's C API, on another thread. On a GPU its tensors and caches can stay there between
 * runs.
 *
 * @param place where they can stay else: the processor stands in for a GPU in tests, and differs from one by that alone
 */
export async function openNativeSession(
  path: string,
  options: SessionOptions,
  place?: DevicePlace,
): Promise<NativeSession> {
  const [api, bytes] = await Promise.all([ortApi(), bytesOf(path, options)]);
  const source = { path, bytes };
  if (!options.cuda) return open(api, source, options, { place });
  try {
    return await open(api, source, options, { place: { kind: 'cuda', id: options.cuda.deviceId } });
  } catch (error) {
    if (!options.cuda.orCpu) throw error;
    // A model that no provider can open fails here again, with the reason.
    return open(api, source, { ...options, cuda: undefined }, { whyNotCuda: (error as Error).message });
  }
}

/** What a decoder is opened by in the place of its file; a prepared form was made so. */
async function bytesOf(path: string, { isDecoder, isPrepared }: SessionOptions): Promise<Uint8Array | undefined> {
  if (!isDecoder || isPrepared) return undefined;
  // Loaded for models that generate text: what a cold start loads counts.
  const { decoderBytes } = await import('./decoder/decoder-bytes.ts');
  return decoderBytes(path, mostBytes);
}

async function open(
  api: Api,
  source: { readonly path: string; readonly bytes: Uint8Array | undefined },
  options: SessionOptions,
  { place, whyNotCuda }: { readonly place?: DevicePlace | undefined; readonly whyNotCuda?: string },
): Promise<NativeSession> {
  const session = await createSessionOf(api, source, () => nativeOptions(api, options));
  try {
    const signature = readSignature(api, session);
    checkServable(signature);
    const device = place && (await openDevice(api, place));
    const origin = { path: source.path, whyNotCuda, spins: options.spinning ?? false, device };
    return new NativeSession(api, session, signature, origin);
  } catch (error) {
    api.releaseSession(session);
    throw error;
  }
}

function nativeOptions(api: Api, { isPrepared, cuda, ...threads }: SessionOptions): Pointer {
  const options = createOptions(api, threads, isPrepared ? optimization.none : optimization.all);
  try {
    if (cuda) appendCuda(api, options, cuda);
    return options;
  } catch (error) {
    api.releaseSessionOptions(options);
    throw withoutCuda(error as Error, cuda?.orCpu ?? false);
  }
}

async function openDevice(api: Api, place: DevicePlace): Promise<Device> {
  // Loaded for models on a GPU: what a cold start loads counts.
  const { deviceOf } = await import('./device/device-of.ts');
  return deviceOf(api, place);
}

function withoutCuda(error: Error, orCpu: boolean): Error {
  const reason = cleanMessage(error.message, [dirname(libraryPath()) + sep]);
  const advice = orCpu
    ? ''
    : '; --execution-providers cuda,cpu, or "executionProviders": ["cuda", "cpu"] runs it on the processor where there is no GPU';
  return new Error(`it is to run on a GPU, and CUDA cannot be used: ${reason}${advice}`, { cause: error });
}
