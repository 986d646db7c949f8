import { Option } from 'commander';

/** The option `--force`, which commands share that a gate may refuse. */
export function forceOption(): Option {
  return new Option('--force', 'whatever the gate says, which is kept on record').default(false);
}
