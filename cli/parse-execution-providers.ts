import { InvalidArgumentError } from 'commander';
import type { ExecutionProvider } from '../src/ports/execution.ts';

const choices: Readonly<Record<string, readonly ExecutionProvider[]>> = {
  cpu: ['cpu'],
  cuda: ['cuda'],
  'cuda,cpu': ['cuda', 'cpu'],
};

/** What models are to run on, as it is given on the command line. Throws an error of usage for what there is not. */
export function parseExecutionProviders(text: string): readonly ExecutionProvider[] {
  const words = text.replaceAll(' ', '');
  const providers = Object.hasOwn(choices, words) ? choices[words] : undefined;
  if (providers) return providers;
  throw new InvalidArgumentError(
    'Expected cpu, cuda, or cuda,cpu: on the GPU, and on the processor where it cannot be had.',
  );
}
