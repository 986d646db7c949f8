import { dirname, sep } from 'node:path';
import type { SessionOptions } from '../../ports/session.ts';
import { type Api, ortApi } from './api.ts';
import { appendCuda } from './append-cuda.ts';
import { checkServable } from './check-servable.ts';
import { cleanMessage } from './clean-message.ts';
import { createOptions, optimization } from './create-options.ts';
import { createSession } from './create-session.ts';
import type { Device } from './device/device.ts';
import type { DevicePlace } from './device/device-place.ts';
import { libraryPath } from './library-path.ts';
import { NativeSession } from './native-session.ts';
import { readSignature } from './read-signature.ts';

/**
 * Opens a model with ONNX Runtime's C API, on another thread. On a GPU its tensors and caches can stay there between runs.
 *
 * @param place where they can stay else: the processor stands in for a GPU in tests, and differs from one by that alone
 */
export async function openNativeSession(
  path: string,
  options: SessionOptions,
  place?: DevicePlace,
): Promise<NativeSession> {
  const api = await ortApi();
  if (!options.cuda) return open(api, path, options, { place });
  try {
    return await open(api, path, options, { place: { kind: 'cuda', id: options.cuda.deviceId } });
  } catch (error) {
    if (!options.cuda.orCpu) throw error;
    // A model that no provider can open fails here again, with the reason.
    return open(api, path, { ...options, cuda: undefined }, { whyNotCuda: (error as Error).message });
  }
}

async function open(
  api: Api,
  path: string,
  { isPrepared, cuda, ...threads }: SessionOptions,
  { place, whyNotCuda }: { readonly place?: DevicePlace | undefined; readonly whyNotCuda?: string },
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
    const device = place && (await openDevice(api, place));
    return new NativeSession(api, session, signature, { path, whyNotCuda, spins: threads.spinning ?? false, device });
  } catch (error) {
    api.releaseSession(session);
    throw error;
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
