import type { Execution } from '../ports/execution.ts';
import type { ModelConfig } from '../ports/model-store.ts';
import type { CudaOptions } from '../ports/session.ts';

/**
 * How a model is to run on a GPU, by its own settings and, where it has none, the server's; undefined where it runs on
 * the processor.
 */
export function cudaOptions(
  { executionProviders, gpu }: Pick<ModelConfig, 'executionProviders' | 'gpu'>,
  execution: Execution | undefined,
): CudaOptions | undefined {
  const providers = executionProviders.length > 0 ? executionProviders : (execution?.providers ?? []);
  if (!providers.includes('cuda')) return undefined;
  return { deviceId: 0, memoryBytes: 0, ...execution?.gpu, ...gpu, orCpu: providers.includes('cpu') };
}
