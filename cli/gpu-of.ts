import { cudaOptions } from '../src/core/cuda-options.ts';
import type { ExecutionProvider } from '../src/ports/execution.ts';
import type { CudaOptions } from '../src/ports/session.ts';

/** The GPU that a command runs models on, with all of its memory; undefined for the processor. */
export function gpuOf(executionProviders: readonly ExecutionProvider[]): CudaOptions | undefined {
  return cudaOptions({ executionProviders, gpu: {} }, undefined);
}
