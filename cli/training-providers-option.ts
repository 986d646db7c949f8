import { Option } from 'commander';
import { parseExecutionProviders } from './parse-execution-providers.ts';

/** Where a command trains. */
export function trainingProvidersOption(): Option {
  return new Option(
    '--execution-providers <list>',
    'what trains: cpu, cuda, or cuda,cpu, which is the GPU where there is one; on a GPU the same seed need not give the same bytes',
  )
    .argParser(parseExecutionProviders)
    .default(['cpu'], 'cpu');
}
