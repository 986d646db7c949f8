import { cudaOptions } from '../src/core/cuda-options.ts';
import type { ExecutionProvider } from '../src/ports/execution.ts';
import type { CudaOptions } from '../src/ports/session.ts';

/** The GPU that a command trains on, all of its memory; undefined for the processor. */
export function trainingGpu(executionProviders: readonly ExecutionProvider[]): CudaOptions | undefined {
  return cudaOptions({ executionProviders, gpu: {} }, undefined);
}
