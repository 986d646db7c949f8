import { cudaOptions } from '../src/core/cuda-options.ts';
import type { ExecutionProvider } from '../src/ports/execution.ts';
import type { CudaOptions } from '../src/ports/session.ts';

export interface GpuChoice {
  readonly executionProviders: readonly ExecutionProvider[];
  /** Which of the machine's GPUs. */
  readonly gpuDevice: number;
}

/** The GPU that a command runs models on, with all of its memory; undefined for the processor. */
export function gpuOf({ executionProviders, gpuDevice }: GpuChoice): CudaOptions | undefined {
  return cudaOptions({ executionProviders, gpu: { deviceId: gpuDevice } }, undefined);
}
