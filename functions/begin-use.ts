import type { LambdaUse } from '../src/core/batch/lambda-use.ts';

/** Begins to measure an invocation; the function that comes back tells what it has taken. */
export function beginUse(): () => LambdaUse {
  const started = performance.now();
  return () => ({
    memoryMb: Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE),
    architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
    seconds: (performance.now() - started) / 1000,
  });
}
