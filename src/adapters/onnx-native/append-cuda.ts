import koffi from 'koffi';
import type { GpuSettings } from '../../ports/execution.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

/**
 * Has a session run on a GPU. Throws a RuntimeError that says why it cannot be had: no provider beside the runtime,
 * none of CUDA's libraries, no device.
 *
 * Source of the keys: OrtCUDAProviderOptionsV2, docs/execution-providers/CUDA-ExecutionProvider.md of ONNX Runtime.
 */
export function appendCuda(api: Api, options: Pointer, { deviceId, memoryBytes }: GpuSettings): void {
  const entries = Object.entries({
    device_id: String(deviceId),
    ...(memoryBytes > 0 && { gpu_mem_limit: String(memoryBytes) }),
    // The arena grows by what is asked for, not to the next power of two: other models share the device.
    arena_extend_strategy: 'kSameAsRequested',
  });
  const texts = entries.map((entry) => entry.map((text) => Buffer.from(`${text}\0`)));
  const pointers = (index: 0 | 1) => BigUint64Array.from(texts, (entry) => koffi.address(entry[index]));
  const out = new BigUint64Array(1);
  check(api, api.createCudaProviderOptions(out));
  const cuda = out[0] as Pointer;
  try {
    check(api, api.updateCudaProviderOptions(cuda, pointers(0), pointers(1), texts.length));
    check(api, api.appendCudaProvider(options, cuda));
  } finally {
    api.releaseCudaProviderOptions(cuda);
  }
}
